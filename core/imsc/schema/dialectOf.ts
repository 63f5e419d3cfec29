import type { TextRange } from '../../problems/problem.ts';
import { defaultDialect, dialectNamed } from '../language/dialects.ts';
import type { DialectName } from '../language/dialects.ts';
import type { Tree } from '../tree/tree.ts';

export interface DialectComment {
  readonly written: string;
  /** Of what is written, in the text. */
  readonly range: TextRange;
  /** Undefined for one that does not exist. */
  readonly dialect: DialectName | undefined;
}

/** The comment `imsc-dialect: name` of a schema; of several the first. */
export function dialectComment({ comments, text }: Tree): DialectComment | undefined {
  for (const { range } of comments) {
    const match = /imsc-dialect:[ \t]*([^\s*]+)/.exec(text.slice(range.start, range.end));
    const written = match?.[1];
    if (match === null || written === undefined) continue;
    const start = range.start + match.index + match[0].length - written.length;
    return { written, range: { start, end: start + written.length }, dialect: dialectNamed(written) };
  }
  return undefined;
}

/**
 * The dialect of a schema: what its comment says, or else a person's choice.
 * @param configured of the setting or the configuration
 */
export function dialectOf(tree: Tree, configured: DialectName = defaultDialect): DialectName {
  return dialectComment(tree)?.dialect ?? configured;
}
