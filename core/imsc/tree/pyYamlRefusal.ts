import { problem } from '../../problems/problem.ts';
import type { Fix, Problem, TextRange } from '../../problems/problem.ts';
import type { PyYamlError } from './pyYamlTokens.ts';

/**
 * The warning that PyYAML, and so the Python ingestor, refuses what is understood here.
 * @param text in which the error was found
 * @param base what is added to its offsets, where it is a part of a file
 */
export function refusalProblem({ message, offset }: PyYamlError, text: string, base: number): Problem {
  if (message === 'tab') return tabProblem(text, offset, base);
  const start = Math.min(offset, Math.max(0, text.length - 1));
  const word = /^[^\s,\]}]+/.exec(text.slice(start, start + 60))?.[0].length ?? 1;
  return refusal(message, { start: base + start, end: base + Math.min(text.length, start + word) });
}

/** What a plain text is that PyYAML makes nothing of. */
export function refusedPlainProblem(reason: string, range: TextRange, source: string): Problem {
  const fix: Fix = { title: 'Put it in quotes', edits: [{ range, newText: `'${source}'` }], preferred: true };
  return refusal(reason, range, [fix]);
}

function tabProblem(text: string, offset: number, base: number): Problem {
  let start = offset;
  while (text[start - 1] === '\t') start -= 1;
  let end = offset;
  while (text[end] === '\t') end += 1;
  const range = { start: base + start, end: base + end };
  const fix: Fix = {
    title: 'Replace the tab with a blank',
    edits: [{ range, newText: ' '.repeat(end - start) }],
    preferred: true,
  };
  return refusal('a tab stands here in the place of a blank', range, [fix]);
}

function refusal(why: string, range: TextRange, fixes?: Fix[]): Problem {
  return problem('pyyaml-refuses', `The Python ingestor refuses this file: ${why}.`, range, fixes ? { fixes } : {});
}
