import type { Problem } from '../../problems/problem.ts';
import { keyIdentity, keyText } from './tree.ts';
import type { MapEntry, Node } from './tree.ts';

/** A problem at each entry whose key stands once more above it in the same map. */
export function duplicateKeyProblems(root: Node | undefined): Problem[] {
  const problems: Problem[] = [];
  const reportDuplicates = (entries: readonly MapEntry[]): void => {
    const seen = new Map<string, MapEntry>();
    for (const entry of entries) {
      if (entry.merged) continue;
      const identity = keyIdentity(entry.key);
      const earlier = seen.get(identity);
      if (earlier) problems.push(duplicateKey(entry, earlier));
      else seen.set(identity, entry);
    }
  };
  const collect = (node: Node): void => {
    // What an alias stands for is looked at where it is written.
    if (node.alias !== undefined) return;
    if (node.kind === 'list') node.items.forEach(collect);
    if (node.kind !== 'map') return;
    if (!areFewAndDifferent(node.entries)) reportDuplicates(node.entries);
    for (const { value, merged } of node.entries) if (value && !merged) collect(value);
  };
  if (root) collect(root);
  return problems;
}

/** Of most maps, of which a schema has thousands, this is known without a table of their keys. */
function areFewAndDifferent(entries: readonly MapEntry[]): boolean {
  if (entries.length > 8) return false;
  return entries.every(({ key: { value } }, index) => {
    if (value.kind !== 'string') return false;
    for (let other = 0; other < index; other += 1) {
      const earlier = entries[other]?.key.value;
      if (earlier?.kind === 'string' && earlier.value === value.value) return false;
    }
    return true;
  });
}

function duplicateKey(entry: MapEntry, earlier: MapEntry): Problem {
  return {
    code: 'duplicate-key',
    severity: 'warning',
    message: `“${keyText(entry)}” stands here more than once; only the last one counts. Rename or remove the others.`,
    range: entry.key.range,
    related: [{ message: `The earlier “${keyText(earlier)}”.`, range: earlier.key.range }],
  };
}
