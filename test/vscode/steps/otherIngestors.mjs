// Schemas for other ingestors, and for the other version of SciCat's API.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activeTab, closeEditors, dialog, line, noErrorIsShown, notified, typeAndEnter } from '../answers.mjs';
import { openFile } from '../person.mjs';
import * as press from '../pressed.mjs';

/** Names that only v4 has, and a source that today's ingestor has not. */
const schemaFor = (name) => `# imsc-dialect: next
id: ${name}
name: ${name}
order: 90
instrument: coda
selector: filename:contains:${name}
variables:
  people: {source: VALUE, value: Ada, value_type: string}
schema:
  people: {field_type: high_level, machine_name: principalInvestigators, value: [<people>], type: 'string[]'}
`;

/** The steps, each of which leaves the workbench to the next. */
export const otherIngestorSteps = {
  async 'Convert Schema for Another Ingestor'({ page, workspace }) {
    const file = join(workspace, 'next.imsc.yml');
    writeFileSync(file, schemaFor('next'));
    await openFile(page, 'next.imsc.yml');
    await press.pressPalette(page, 'imsc.convertFor');
    await typeAndEnter(page, 'Today');
    // What was and what is made, beside each other.
    await activeTab(page, 'next.imsc.yml → python-26');
    await page
      .locator('.monaco-diff-editor .original .view-line', { hasText: 'principalInvestigators' })
      .first()
      .waitFor();
    await page.locator('.monaco-diff-editor .modified .view-line', { hasText: /principalInvestigator$/ }).first().waitFor(); // prettier-ignore
    await noErrorIsShown(page);
    await closeEditors(page);
    assert.equal(readFileSync(file, 'utf8'), schemaFor('next'));
    // What cannot be written is said, and the rest is written for who wants it.
    writeFileSync(file, `${schemaFor('next')}  low: {field_type: scientific_metadata, machine_name: low, value: <smallest>, type: float}\n`.replace('schema:', '  smallest: {source: NXS, path: "/entry/:NXdata/x@y", value_type: float}\nschema:')); // prettier-ignore
    await openFile(page, 'next.imsc.yml');
    await press.pressPalette(page, 'imsc.convertFor');
    await typeAndEnter(page, 'Today');
    await dialog(page, 'Not all of next.imsc.yml can be written so.').waitFor();
    await page.getByRole('button', { name: 'Write the Rest' }).click();
    await activeTab(page, 'next.imsc.yml → python-26');
    await closeEditors(page);
    rmSync(file);
  },
  async 'Migrate Schemas to Another Version'({ page, workspace }) {
    const files = ['migrated/one.imsc.yml', 'migrated/two.imsc.json'].map((name) => join(workspace, name));
    const [one, two] = files;
    mkdirSync(join(workspace, 'migrated'), { recursive: true });
    writeFileSync(one, schemaFor('one'));
    writeFileSync(two, JSON.stringify({ id: 'two', name: 'two', order: 91, instrument: 'coda', selector: 'filename:contains:two', variables: {}, schema: { proposal: { field_type: 'high_level', machine_name: 'proposalIds', value: ['1'], type: 'string[]' } } }, null, 2)); // prettier-ignore
    await openFile(page, 'one.imsc.yml');
    await press.pressPalette(page, 'imsc.migrate');
    await typeAndEnter(page, 'v3');
    // First what would be changed, in both notations, and nothing is written before the person agrees.
    await activeTab(page, 'migrated → v3.md');
    await line(page, /^\+\s.*principalInvestigator,/).waitFor();
    await line(page, /^\+\s.*"proposalId"/).waitFor();
    await dialog(page, 'files are written for v3.').waitFor();
    assert.match(readFileSync(one, 'utf8'), /principalInvestigators/);
    await page.getByRole('button', { name: 'Cancel' }).click();
    assert.match(readFileSync(one, 'utf8'), /principalInvestigators/);
    await openFile(page, 'one.imsc.yml');
    await press.pressPalette(page, 'imsc.migrate');
    await typeAndEnter(page, 'v3');
    await dialog(page, 'files are written for v3.').waitFor();
    await page.getByRole('button', { name: /^Change \d Files$/ }).click();
    await notified(page, 'files changed.');
    assert.match(readFileSync(one, 'utf8'), /principalInvestigator,/);
    assert.match(readFileSync(two, 'utf8'), /"proposalId"/);
    await noErrorIsShown(page);
    await closeEditors(page);
    rmSync(join(workspace, 'migrated'), { recursive: true });
  },
};
