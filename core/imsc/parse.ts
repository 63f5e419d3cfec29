import { parseJson } from './parseJson.ts';
import { parseYaml } from './parseYaml.ts';
import type { Notation, Tree } from './tree.ts';

/** Reads a text in the notation that it is said to be in. Never throws, whatever the text. */
export function parseTree(text: string, notation: Notation): Tree {
  return notation === 'json' ? parseJson(text) : parseYaml(text);
}

/** The notation that a file name promises; undefined for a name that ends otherwise. */
export function notationOfFile(fileName: string): Notation | undefined {
  if (/\.json$/i.test(fileName)) return 'json';
  return /\.ya?ml$/i.test(fileName) ? 'yaml' : undefined;
}

/**
 * Reads a text in the notation that it is written in, whatever its file is called, as the Python ingestor does: what
 * is JSON is JSON, all else YAML. Unlike there, comments and trailing commas make no YAML of JSON, and a broken text
 * in brackets that is no YAML either stays JSON, for better messages.
 */
export function parseByContent(text: string): Tree {
  if (!/^\ufeff?\s*(?:[[{"]|\/[/*])/.test(text)) return parseYaml(text);
  const json = parseJson(text);
  if (!hasSyntaxProblem(json)) return json;
  const yaml = parseYaml(text);
  return hasSyntaxProblem(yaml) ? json : yaml;
}

function hasSyntaxProblem(tree: Tree): boolean {
  return tree.problems.some(({ code }) => code === 'syntax');
}
