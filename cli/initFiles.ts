import { placeholders } from '../core/text/placeholders.ts';

/** The configuration of a new folder: the sandbox, and what a person has to decide. */
export const configText = `# How files are ingested; docs/reference/configuration.md has every option.
scicat:
  # The sandbox (imsc sandbox). The token does not belong here: set SCICAT_TOKEN, or give --scicat.token-file.
  host: http://127.0.0.1:3000/api/v3
ingestion:
  schemas_directory: schemas
dataset:
  # What a dataset gets whose schema does not say it.
  default_owner_group: ${placeholders.defaultOwnerGroup}
  default_access_groups: null
  default_instrument_id: null
  default_proposal_id: null
`;

/** A schema for files of which nothing is known yet: each mandatory field is there, to be filled in. */
export function emptySchemaText(id: string): string {
  const field = (name: string, value: string, type = 'string'): string =>
    `  ${name}: { field_type: high_level, machine_name: ${name}, value: ${value}, type: ${type} }\n`;
  return `# Fill in the words in capitals; “imsc inspect FILE” shows the paths of a NeXus file.
id: ${id}
name: first
instrument: all
selector: filename:contains:.nxs
order: 100
variables:
  title: { source: NXS, path: /entry/title, value_type: string }
  source_folder: { source: VALUE, operator: dirname-2, value: <data_file_path>, value_type: string }
schema:
${[
  field('pid', `${placeholders.pidPrefix}/<data_file_name>`),
  field('type', 'raw'),
  field('datasetName', '<title>'),
  field('principalInvestigator', placeholders.principalInvestigator),
  field('owner', placeholders.owner),
  field('ownerEmail', placeholders.ownerEmail, 'email'),
  field('contactEmail', placeholders.contactEmail, 'email'),
  field('ownerGroup', placeholders.ownerGroup),
  field('creationLocation', `${placeholders.facility}:${placeholders.instrument}`),
  field('creationTime', '<now>', 'date'),
  field('sourceFolder', '<source_folder>'),
].join('')}`;
}

/** A workflow of GitHub Actions, as docs/ci.md explains it. */
export function ciText(hasTest: boolean): string {
  return `# Checks the schemas with each change. Set the variable IMSC_PACKAGE in the settings of the repository to what
# npm install takes: the file or address of the package of imsc, or of its git repository.
name: schemas
on: [push, pull_request]
permissions:
  contents: read
jobs:
  schemas:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npm install --global "\${{ vars.IMSC_PACKAGE }}"
      - run: imsc check schemas --format github
${hasTest ? '      - run: imsc test schemas\n' : ''}`;
}
