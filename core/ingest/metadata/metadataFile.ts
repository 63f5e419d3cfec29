import path from 'node:path';
import { failureReason } from '../../files/failureReason.ts';
import { readSmallFile } from '../../files/smallFile.ts';
import { parseByContent } from '../../imsc/tree/parse.ts';
import { entries, keyText, valueOf } from '../../imsc/tree/tree.ts';
import type { MapEntry, Tree } from '../../imsc/tree/tree.ts';
import { plainJson } from '../../imsc/values/jsonText.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { JsonValue } from '../../scicat/json.ts';
import { lineNumbers } from '../../text/lines.ts';
import { refusedOfGiven } from '../dataset/dataset.ts';
import { givenCandidates, isGivable, metadataPrefix, nameInSchemas, strongest } from '../dataset/given.ts';
import type { FieldOrigin, GivenField } from '../dataset/given.ts';
import { givenItem } from '../dataset/metadataItems.ts';
import { datasetFields } from '../../scicat/datasetFields.ts';

/** Whether a file of that name holds a person's metadata. */
export function isMetadataFileName(name: string): boolean {
  return /\.imsc\.metadata\.(?:ya?ml|json)$/.test(name) && !name.startsWith('.');
}

/** The fields that a person may give, by the names that schemas have, in the order in which SciCat has them. */
export const givableFields = datasetFields.filter(
  (field) => isGivable(field) && nameInSchemas(field.name) === field.name,
);

export interface MetadataFile {
  readonly tree: Tree;
  /** What is typed; what was left empty is not among it. */
  readonly fields: readonly GivenField[];
  /** What keeps it from being understood. */
  readonly problems: readonly Problem[];
}

/**
 * Understands the text of a file with a person's metadata: a map of fields of the dataset, and below
 * `scientificMetadata` everything else.
 * @param file absolute path, for places
 */
export function readMetadata(text: string, file?: string): MetadataFile {
  const tree = parseByContent(text);
  const located = (found: Problem): Problem => (file === undefined ? found : { ...found, file });
  if (text.replaceAll(/^\s*#.*$/gm, '').trim() === '') return { tree, fields: [], problems: [] };
  const broken = tree.problems.filter(({ severity, code }) => severity === 'error' || code === 'duplicate-key');
  if (broken.length > 0)
    return { tree, fields: [], problems: broken.map((found) => located({ ...found, severity: 'error' })) };
  const { root } = tree;
  if (root === undefined || (root.kind === 'scalar' && root.value.kind === 'none'))
    return { tree, fields: [], problems: [] };
  if (root.kind !== 'map') {
    const message = 'This must be a map of fields: datasetName, description, scientificMetadata, …';
    return { tree, fields: [], problems: [located(problem('metadata-file', message, root.range))] };
  }
  const lineOf = lineNumbers(tree.text);
  const fieldOf = (entry: MapEntry, prefix: string): GivenField => {
    const range = (entry.value ?? entry.key).range;
    const line = lineOf(range.start);
    const from = file === undefined ? `line ${line}` : `${path.basename(file)} line ${line}`;
    return { field: prefix + keyText(entry), value: typed(entry), from, place: { file, range, line } };
  };
  const fields = entries(root).flatMap((entry) => {
    if (keyText(entry) !== 'scientificMetadata' || entry.value?.kind !== 'map') return [fieldOf(entry, '')];
    return entries(entry.value).map((item) => fieldOf(item, metadataPrefix));
  });
  return { tree, fields: fields.filter(({ value }) => value !== null), problems: [] };
}

/** The value of an entry; a quantity whose value is still open is nothing. */
function typed({ value: node }: MapEntry): JsonValue {
  const value = valueOf(node);
  if (value.kind === 'dict') {
    const keys = new Map(value.entries.map(([key, item]) => [key.kind === 'string' ? key.value : '', item]));
    if (keys.get('value')?.kind === 'none' && [...keys.keys()].every((key) => key === 'value' || key === 'unit'))
      return null;
  }
  return plainJson(value);
}

/**
 * All that is wrong with a file with a person's metadata: how it is written, fields that there are not, keys that cannot
 * be stored, and what SciCat would refuse.
 */
export function metadataProblems({ fields, problems }: Pick<MetadataFile, 'fields' | 'problems'>): Problem[] {
  const given = givenCandidates({ user: fields }, (name, value) => givenItem(name, value, undefined));
  const taken = [...given.candidates].flatMap(([name, each]) => {
    const last = strongest(each);
    return last && !name.startsWith(metadataPrefix) ? [[name, last] as const] : [];
  });
  const origins = new Map<string, FieldOrigin>(taken.map(([name, { origin }]) => [name, origin]));
  const values = new Map(taken.map(([name, { value }]) => [name, value]));
  return [...problems, ...given.problems, ...refusedOfGiven(values, origins)];
}

/** Reads a file with a person's metadata; never throws for what it is. */
export async function loadMetadata(file: string): Promise<MetadataFile | { readonly problem: Problem }> {
  const whole = path.resolve(file);
  try {
    return readMetadata(await readSmallFile(whole), whole);
  } catch (error) {
    const message = `The metadata file ${file} cannot be read: ${failureReason(error)}.`;
    return { problem: problem('metadata-file', message, undefined, { file: whole }) };
  }
}
