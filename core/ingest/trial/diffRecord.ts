import path from 'node:path';
import type { FieldChange, SampleDiff } from './schemaDiff.ts';

/** What a change of schemas does to all files together. */
export interface DiffSummary {
  readonly samples: number;
  readonly changed: number;
  readonly failed: number;
  /** Files that no schema takes, before or after. */
  readonly untaken: number;
  /** How often each field differs, the most frequent first. */
  readonly fields: readonly (readonly [string, number])[];
}

/** A field as it is shown: items of the metadata say so. */
export function fieldName({ part, name }: Pick<FieldChange, 'part' | 'name'>): string {
  return part === 'dataset' ? name : `scientificMetadata.${name}`;
}

export function summaryOf(diffs: readonly SampleDiff[]): DiffSummary {
  const counts = new Map<string, number>();
  for (const { changes } of diffs)
    for (const change of changes) counts.set(fieldName(change), (counts.get(fieldName(change)) ?? 0) + 1);
  return {
    samples: diffs.length,
    changed: diffs.filter(isChanged).length,
    untaken: diffs.filter(({ schemas }) => schemas.before === null && schemas.after === null).length,
    failed: diffs.filter(({ problem }) => problem !== undefined).length,
    fields: [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1)),
  };
}

/** Whether a file comes out differently, or gets another schema. */
export function isChanged({ changes, schemas }: SampleDiff): boolean {
  const name = (file: string | null): string => (file === null ? '' : path.basename(file));
  return changes.length > 0 || (name(schemas.before) === '') !== (name(schemas.after) === '');
}

/** What `imsc diff --json` says of the files; what is wrong with the schemas stands beside it. */
export function diffRecord(diffs: readonly SampleDiff[]): object {
  const { samples, changed, failed, untaken, fields } = summaryOf(diffs);
  return {
    samples,
    changed,
    failed,
    untaken,
    fields: Object.fromEntries(fields),
    files: diffs
      .filter((diff) => isChanged(diff) || diff.problem !== undefined)
      .map(({ file, schemas, changes, problem }) => ({ file, schemas, changes, problem: problem ?? null })),
  };
}
