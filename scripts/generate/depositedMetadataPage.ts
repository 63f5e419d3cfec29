import { fieldNamespace, fieldPrefix, terms } from '../../core/packages/metadata/terms.ts';
import { code, codes, pageHead, table } from './markdown.ts';

/** The page with what fills which field of a dataset, of metadata that come with the data. */
export function depositedMetadataPage(): string {
  const first = (names: readonly string[]): string => (names.length === 0 ? '' : codes(names));
  return [
    pageHead(
      'Deposited metadata',
      'core/packages/metadata/terms.ts',
      'What comes with the data (an Atom entry, `ark-file-meta.csv` or `ark-manifest.json`) fills these fields of the dataset. It stands above what the schema makes of the data file, and below what somebody types. Of several names the first one that says something counts.',
    ),
    table(
      ['field', 'Atom entry', 'table or manifest', ''],
      terms.map(({ field, atom, table: columns, note = '', commas = [] }) => [
        code(field),
        first(atom),
        first(columns),
        [note, ...commas.map((name) => `in ${code(name)} also separated by commas`)]
          .filter((text) => text !== '')
          .join('; '),
      ]),
    ),
    `Any other field of SciCat is given by its name: an element of the namespace \`${fieldNamespace}\`, a column \`${fieldPrefix}.<field>\`.`,
    'Everything else that has text goes into `scientificMetadata.<namespace>`, elements of one name as a list. `swh:create_origin` and `swh:add_to_origin` become `origin_url` there. Keys that SciCat cannot store, with one of `. [ ] $ < >`, are refused with their path.',
    '`atom`, `codemeta` (2.0), `dcterms` (Dublin Core, also the fifteen elements), `swh`, `schema` and `sword` are known by their namespaces, whatever their prefix. Others are called by their prefix, or by the last word of their address.',
    'In a table the row of the topmost collection (`C`), otherwise of the only object (`O`), describes the dataset. `dcterms.` is read as `dc.`; `identifiers.<n>.identifier` with its `identifierType` becomes `scientificMetadata.identifiers.<type>`.',
  ].join('\n\n');
}
