import { existsSync } from 'node:fs';
import path from 'node:path';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { keyText, nodeAt } from '../../core/imsc/tree/tree.ts';
import type { Tree } from '../../core/imsc/tree/tree.ts';
import { failureCode, failureReason } from '../../core/files/failureReason.ts';
import { readSmallFile } from '../../core/files/smallFile.ts';

/** More of a text than this does not make it any more certain which one is meant. */
const longestText = 120;

/** A problem that is known and not reported again, as the baseline file has it. */
export interface KnownProblem {
  readonly code: string;
  /** Relative to the baseline file, with `/` on every system. */
  readonly file: string;
  /** The keys around the problem, e.g. `variables.title.path`. */
  readonly at: string;
  /** The beginning of the text that is wrong, or the message of a problem without a place. */
  readonly text: string;
  /** How often; once if absent. */
  readonly count?: number;
}

/** Says by its content which problem it is: moving lines, or adding some, changes nothing. */
export function identify(found: Problem, baseline: string, tree: Tree | undefined): KnownProblem {
  const { code, file } = found;
  const relative = file === undefined ? '' : path.relative(path.dirname(baseline), file).split(path.sep).join('/');
  if (!found.range || !tree) return { code, file: relative, at: '', text: found.message };
  const { start, end } = found.range;
  const at = nodeAt(tree, start).flatMap(({ entry }) => (entry ? [keyText(entry)] : []));
  const [line = ''] = tree.text.slice(start, end).trim().split('\n', 1);
  return { code, file: relative, at: at.join('.'), text: line.trim().slice(0, longestText) };
}

/** One text for each thing that can be known, to compare by. */
export function keyOf({ code, file, at, text }: KnownProblem): string {
  return JSON.stringify([code, file, at, text]);
}

/** The known problems of a file; each is taken once for each time that it is written there. */
export class Baseline {
  readonly #left = new Map<string, { readonly known: KnownProblem; count: number }>();

  constructor(known: readonly KnownProblem[]) {
    for (const each of known) {
      const key = keyOf(each);
      const count = (this.#left.get(key)?.count ?? 0) + (each.count ?? 1);
      this.#left.set(key, { known: each, count });
    }
  }

  /** Whether the problem is known; a second one like it needs a second entry. */
  take(found: KnownProblem): boolean {
    const left = this.#left.get(keyOf(found));
    if (!left || left.count === 0) return false;
    left.count -= 1;
    return true;
  }

  /** Entries that nothing was taken for, though their file was looked at. */
  unused(files: ReadonlySet<string>): readonly KnownProblem[] {
    return [...this.#left.values()].flatMap(({ known, count }) => (count > 0 && files.has(known.file) ? [known] : []));
  }
}

/**
 * Reads a baseline.
 * @param mayBeMissing it is about to be made: one that is not there holds nothing
 * @returns a sentence that says why it cannot be used, if so
 */
export async function readBaseline(file: string, mayBeMissing: boolean): Promise<readonly KnownProblem[] | string> {
  let text: string;
  try {
    text = await readSmallFile(file);
  } catch (error) {
    const isMissing = failureCode(error) === 'ENOENT';
    if (isMissing && mayBeMissing) return [];
    return `The baseline ${file} cannot be read: ${failureReason(error)}.${isMissing ? ' --update-baseline makes it.' : ''}`;
  }
  const wrong = `${file} is not a baseline: it must be what --update-baseline writes.`;
  try {
    const document: unknown = JSON.parse(text);
    if (!isRecord(document) || !Array.isArray(document['problems'])) return wrong;
    const entries: readonly unknown[] = document['problems'];
    return entries.every(isKnownProblem) ? entries : wrong;
  } catch {
    return wrong;
  }
}

/**
 * Writes what is there now as the baseline. What was known of files that were not looked at, and still exist, stays.
 * @param files that were looked at, as the baseline names them
 * @returns the problem, if it cannot be written
 */
export async function writeBaseline(
  file: string,
  found: readonly KnownProblem[],
  before: readonly KnownProblem[],
  files: ReadonlySet<string>,
): Promise<Problem | undefined> {
  const kept = before.filter(
    (known) => !files.has(known.file) && existsSync(path.resolve(path.dirname(file), known.file)),
  );
  const counted = new Map<string, KnownProblem & { count: number }>();
  for (const known of [...kept, ...found]) {
    const key = keyOf(known);
    const count = (counted.get(key)?.count ?? 0) + (known.count ?? 1);
    counted.set(key, { ...known, count });
  }
  const problems = [...counted.values()]
    .sort((a, b) => compare(a.file, b.file) || compare(a.at, b.at) || compare(keyOf(a), keyOf(b)))
    .map(({ count, ...known }) => (count === 1 ? known : { ...known, count }));
  try {
    const { default: writeFileAtomic } = await import('write-file-atomic');
    await writeFileAtomic(file, `${JSON.stringify({ version: 1, problems }, null, 2)}\n`);
    return undefined;
  } catch (error) {
    return problem('schema-file', `The baseline ${file} cannot be written: ${failureReason(error)}.`);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKnownProblem(value: unknown): value is KnownProblem {
  return (
    isRecord(value) &&
    ['code', 'file', 'at', 'text'].every((key) => typeof value[key] === 'string') &&
    (value['count'] === undefined || (Number.isInteger(value['count']) && Number(value['count']) > 0))
  );
}
