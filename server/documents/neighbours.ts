import { checkFolderMembers, folderMember } from '../../core/imsc/checks/checkFolder.ts';
import type { FolderMember } from '../../core/imsc/checks/checkFolder.ts';
import type { Problem, TextRange } from '../../core/problems/problem.ts';
import { fileOf } from './documentKind.ts';
import type { PlacedText } from '../problems/problemReport.ts';
import type { Snapshot } from './snapshot.ts';

/** What is kept of every schema of a folder, where its model would be too much. */
export interface Neighbour extends FolderMember, PlacedText {}

const known = new WeakMap<Snapshot, Neighbour>();

/** The schema as its neighbours know it. It holds nothing of the model. */
export function neighbourOf(snapshot: Snapshot): Neighbour {
  const found = known.get(snapshot);
  if (found) return found;
  const { uri, schema } = snapshot;
  const member = folderMember({ file: fileOf(uri) ?? uri, schema });
  const key = ({ start, end }: TextRange): string => `${start} ${end}`;
  const ofMetadata = member.metadata.flatMap(({ written, unitRange }) => [
    written.range,
    ...(unitRange ? [unitRange] : []),
  ]);
  const places = [...member.places.values(), ...ofMetadata];
  const ranges = new Map(places.map((range) => [key(range), snapshot.rangeOf(range)]));
  const origin = snapshot.rangeOf({ start: 0, end: 0 });
  const neighbour = { ...member, uri, rangeOf: (range: TextRange) => ranges.get(key(range)) ?? origin };
  known.set(snapshot, neighbour);
  return neighbour;
}

interface Judgement {
  readonly hasFallback: boolean | undefined;
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
}

const judged = new WeakMap<readonly Neighbour[], Judgement>();

/**
 * What the schemas of a folder do to each other, by file; worked out once for the same list.
 * @param hasFallback whether the configuration names a fallback schema; undefined where none is known
 */
export function problemsAmong(
  neighbours: readonly Neighbour[],
  hasFallback: boolean | undefined,
): ReadonlyMap<string, readonly Problem[]> {
  const before = judged.get(neighbours);
  if (before && before.hasFallback === hasFallback) return before.problems;
  const problems = checkFolderMembers(neighbours, hasFallback === undefined ? {} : { hasFallback });
  judged.set(neighbours, { hasFallback, problems });
  return problems;
}
