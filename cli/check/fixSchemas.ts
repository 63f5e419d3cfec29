import { readFile, realpath, stat } from 'node:fs/promises';
import { applyPreferredFixes } from '../../core/imsc/edits/applyFixes.ts';
import type { AppliedFix } from '../../core/imsc/edits/applyFixes.ts';
import { parseByContent } from '../../core/imsc/tree/parse.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { failureReason } from '../../core/files/failureReason.ts';
import type { CheckedSchema } from './checkSchemas.ts';

/** A mend of one fix may show another problem; a schema that still changes after so many looks never comes to rest. */
const mostRounds = 20;

/** A change that was made to a file. The ranges of its problem are those of the text before. */
export interface Change extends AppliedFix {
  readonly file: string;
  /** Line of the problem before the change, from 1. */
  readonly line: number;
}

export interface FixedSchemas {
  readonly texts: ReadonlyMap<string, string>;
  readonly checked: readonly CheckedSchema[];
  readonly changes: readonly Change[];
}

/**
 * Mends what has one obvious mend, and looks again until nothing is left to mend. A round after which a text could no
 * longer be read is taken back.
 */
export async function fixSchemas(
  given: ReadonlyMap<string, string>,
  check: (texts: ReadonlyMap<string, string>) => Promise<readonly CheckedSchema[]>,
): Promise<FixedSchemas> {
  const texts = new Map(given);
  const changes: Change[] = [];
  let checked = await check(texts);
  for (let round = 0; round < mostRounds; round++) {
    let changed = false;
    for (const { file, problems } of checked) {
      const text = texts.get(file);
      if (text === undefined) continue;
      const fixed = applyPreferredFixes(
        text,
        problems.filter((found) => found.file === file),
      );
      if (fixed.text === text || syntaxProblems(fixed.text) > syntaxProblems(text)) continue;
      const line = ({ range }: Problem): number => text.slice(0, range?.start ?? 0).split('\n').length;
      changes.push(...fixed.applied.map((applied) => ({ ...applied, file, line: line(applied.problem) })));
      texts.set(file, fixed.text);
      changed = true;
    }
    if (!changed) break;
    // What was mended in one file may be news to its neighbours.
    checked = await check(texts);
  }
  return { texts, checked, changes };
}

function syntaxProblems(text: string): number {
  return parseByContent(text).problems.filter(({ code }) => code === 'syntax').length;
}

/**
 * Writes a mended text in the place of the one it was made from: the old or the new one is there, never a part. A
 * link stays a link, permissions and byte order mark stay.
 * @returns the problem, if the file cannot be written or was edited meanwhile
 */
export async function replaceText(file: string, before: string, after: string): Promise<Problem | undefined> {
  try {
    const target = await realpath(file);
    const current = await readFile(target, 'utf8');
    // A schema in JSON is read with its mark, which is a mistake there.
    const mark = current.startsWith('\uFEFF') && !before.startsWith('\uFEFF') ? '\uFEFF' : '';
    if (current !== mark + before) {
      return problem('schema-file', `${file} was edited meanwhile and is left as it is.`, undefined, { file });
    }
    const { default: writeFileAtomic } = await import('write-file-atomic');
    await writeFileAtomic(target, mark + after, { mode: (await stat(target)).mode });
    return undefined;
  } catch (error) {
    return problem('schema-file', `${file} cannot be written: ${failureReason(error)}.`, undefined, { file });
  }
}
