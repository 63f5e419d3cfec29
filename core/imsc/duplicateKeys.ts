import type { Problem } from './problems.ts';
import { keyIdentity, keyText } from './tree.ts';
import type { MapEntry, Node } from './tree.ts';

/** A problem at each entry whose key stands once more above it in the same map. */
export function duplicateKeyProblems(root: Node | undefined): Problem[] {
  const problems: Problem[] = [];
  const collect = (node: Node): void => {
    // What an alias stands for is looked at where it is written.
    if (node.alias !== undefined) return;
    if (node.kind === 'list') node.items.forEach(collect);
    if (node.kind !== 'map') return;
    const seen = new Map<string, MapEntry>();
    for (const entry of node.entries) {
      if (entry.merged) continue;
      const identity = keyIdentity(entry.key);
      const earlier = seen.get(identity);
      if (earlier) problems.push(duplicateKey(entry, earlier));
      else seen.set(identity, entry);
      if (entry.value) collect(entry.value);
    }
  };
  if (root) collect(root);
  return problems;
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
