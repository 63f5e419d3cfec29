import type { Problem, TextRange } from '../../problems/problem.ts';
import { string } from '../values/values.ts';
import type { Composed } from './composeYaml.ts';
import type { MapEntry, Node, ScalarNode } from './tree.ts';

/** Two characters without width: as long as the brackets, and a part of the name for every reader of YAML. */
const mask = '\u2060\u2060';
const listType = /(?<=[:,[{][ \t]*)([\p{L}_][\p{L}\p{N}_]*)\[\](?=\s*[,}\]])/gu;

/**
 * Reads once more what holds a type of lists without quotes inside of braces, as in `{ value_type: string[] }`: there
 * its brackets begin a list, and YAML finds three faults in it and loses what follows. It is one mistake, and the rest is
 * read as it is meant.
 * @param composed what became of the text
 * @param read what has made that
 */
export function withListTypes(text: string, composed: Composed, read: (text: string) => Composed): Composed {
  const faults = new Set(
    composed.problems.flatMap(({ code, range }) => (code === 'syntax' && range ? [range.start] : [])),
  );
  const isHere = [...text.matchAll(listType)].some(({ index, 1: name = '' }) => faults.has(index + name.length));
  if (!isHere || text.includes(mask)) return composed;
  const again = read(text.replaceAll(listType, `$1${mask}`));
  const found: TextRange[] = [];
  const root = again.root && unmasked(again.root, false, found);
  return { ...again, root, problems: [...found.map((range) => inQuotes(range, text)), ...again.problems] };
}

/** @param found is given the places inside of braces or brackets */
function unmasked(node: Node, isInFlow: boolean, found: TextRange[]): Node {
  switch (node.kind) {
    case 'scalar':
      return unmaskedScalar(node, isInFlow, found);
    case 'list':
      return { ...node, items: node.items.map((item) => unmasked(item, node.flow || isInFlow, found)) };
    case 'map': {
      const inside = node.flow || isInFlow;
      const entries = node.entries.map((entry): MapEntry => ({
        ...entry,
        key: unmaskedScalar(entry.key, inside, found),
        value: entry.value && unmasked(entry.value, inside, found),
      }));
      return { ...node, entries };
    }
  }
}

function unmaskedScalar(scalar: ScalarNode, isInFlow: boolean, found: TextRange[]): ScalarNode {
  if (!scalar.source.includes(mask) || scalar.value.kind !== 'string') return scalar;
  if (isInFlow) found.push(scalar.range);
  const plain = (text: string): string => text.replaceAll(mask, '[]');
  return { ...scalar, source: plain(scalar.source), value: string(plain(scalar.value.value)) };
}

function inQuotes(range: TextRange, text: string): Problem {
  const written = text.slice(range.start, range.end);
  return {
    code: 'syntax',
    severity: 'error',
    message: `“${written}” must stand in quotes inside of braces: its brackets would begin a list there.`,
    range,
    fixes: [{ title: 'Put it in quotes', edits: [{ range, newText: `'${written}'` }], preferred: true }],
  };
}
