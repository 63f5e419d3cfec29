import type { ResponseError } from 'vscode-languageserver';
import { fittingType } from '../../core/ingest/trial/sampleProblems.ts';
import { fileVariable } from '../../core/imsc/language/sources.ts';
import { appendEntries } from '../../core/imsc/edits/textEdits.ts';
import { NexusError } from '../../core/nexus/model.ts';
import type { NexusDataset } from '../../core/nexus/model.ts';
import { splitPath } from '../../core/nexus/path.ts';
import { refused } from '../context.ts';
import type { ServerContext } from '../context.ts';
import type { Occurrences } from '../documents/occurrences.ts';
import type { PlacedEdit, VariableFromPathParameters } from '../protocol.ts';

/** The edit that defines a variable for a dataset of the sample file. */
export function variableFromPath(server: ServerContext) {
  return async ({ uri, path }: VariableFromPathParameters): Promise<readonly PlacedEdit[] | ResponseError> => {
    const snapshot = server.documents.get(uri);
    if (!snapshot) return refused('The schema is not open.');
    const file = (await server.evaluations.of(snapshot))?.file;
    let dataset: NexusDataset | undefined;
    try {
      const node = await file?.describe(path);
      if (node?.kind === 'group') return refused(`${path} is a group; a variable needs a dataset.`);
      if (node?.kind === 'dataset') dataset = node;
    } catch (error) {
      if (!(error instanceof NexusError)) throw error;
    }
    const owner = snapshot.schema.general.get('variables');
    const texts = fileVariable(path, (dataset && fittingType(dataset)) ?? 'string');
    const entry = { key: nameFor(path, snapshot.occurrences), texts };
    const edit = owner && appendEntries(snapshot.tree, owner, [entry]);
    if (!edit) return refused('The schema has no section “variables” that a variable could be added to.');
    if (!server.documents.isCurrent(snapshot)) return refused('The schema was edited meanwhile; try again.');
    return [{ range: snapshot.rangeOf(edit.range), newText: edit.newText }];
  };
}

/** A name that is free: the last word of the path, with the one before it where that says nothing by itself. */
export function nameFor(path: string, occurrences: Occurrences): string {
  const words = splitPath(path).map((component) => component.replace(/[^\p{L}\p{N}_]+/gu, '_'));
  const last = words.at(-1) ?? 'value';
  const base =
    /^(?:value|data|name|time|average_value)$/.test(last) && words.length > 1 ? words.slice(-2).join('_') : last;
  let name = base;
  for (let count = 2; occurrences.isDefined(name); count++) name = `${base}_${count}`;
  return name;
}
