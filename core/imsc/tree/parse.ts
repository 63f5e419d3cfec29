import { misreadEncoding, notUtf8 } from '../../text/decodeText.ts';
import { parseJson } from './parseJson.ts';
import { parseYaml } from './parseYaml.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Notation, Tree } from './tree.ts';

/** Reads a text in the notation that it is said to be in. Never throws, whatever the text. */
export function parseTree(text: string, notation: Notation): Tree {
  return misread(text, notation) ?? (notation === 'json' ? parseJson(text) : parseYaml(text));
}

/** A text of another encoding that an editor has taken for UTF-8 is told as that: thousands of zeros say nothing. */
function misread(text: string, notation: Notation): Tree | undefined {
  const encoding = misreadEncoding(text);
  if (encoding === undefined) return undefined;
  const message = `This cannot be read: ${notUtf8(encoding)}.`;
  const problems: Problem[] = [
    { code: 'syntax', severity: 'error', message, range: { start: 0, end: Math.min(1, text.length) } },
  ];
  return { notation, text, root: undefined, problems, comments: [], anchors: [] };
}

/** The notation that a file name promises; undefined for a name that ends otherwise. */
export function notationOfFile(fileName: string): Notation | undefined {
  if (/\.json$/i.test(fileName)) return 'json';
  return /\.ya?ml$/i.test(fileName) ? 'yaml' : undefined;
}

/**
 * Reads a text in the notation that it is written in, whatever its file is called, as the Python ingestor does: what
 * is JSON is JSON, all else YAML. Unlike there, comments and trailing commas make no YAML of JSON, and a broken text
 * in brackets that is not YAML either stays JSON, for better messages.
 */
export function parseByContent(text: string): Tree {
  if (!/^\ufeff?\s*(?:[[{"]|\/[/*])/.test(text)) return parseTree(text, 'yaml');
  const json = parseTree(text, 'json');
  if (!hasSyntaxProblem(json)) return json;
  const yaml = parseTree(text, 'yaml');
  return hasSyntaxProblem(yaml) ? json : yaml;
}

function hasSyntaxProblem(tree: Tree): boolean {
  return tree.problems.some(({ code }) => code === 'syntax');
}
