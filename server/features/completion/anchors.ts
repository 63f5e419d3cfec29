import { CompletionItemKind } from 'vscode-languageserver';
import { isMergeKey, nodeAt } from '../../../core/imsc/tree/tree.ts';
import type { Anchor, Tree } from '../../../core/imsc/tree/tree.ts';
import { shortened } from '../../../core/text/shortened.ts';
import { keyEdit } from './keys.ts';
import type { CompletionContext, Proposal } from './proposal.ts';
import type { Snapshot } from '../../documents/snapshot.ts';

/** The anchors that an alias at the cursor may name; undefined where no alias stands. */
export function aliasProposals({ tree, text }: Snapshot, offset: number): Proposal[] | undefined {
  const steps = nodeAt(tree, offset);
  const last = steps.at(-1);
  if (last?.part === 'key' || !last) return undefined;
  const { node } = last;
  const isHalfTyped = node.kind === 'scalar' && node.style === 'plain' && node.source.startsWith('*');
  if ((node.alias === undefined && !isHalfTyped) || text[node.range.start] !== '*') return undefined;
  if (offset <= node.range.start) return undefined;
  const isMerge = steps.some(({ entry }) => entry !== undefined && isMergeKey(entry.key));
  const range = { start: node.range.start + 1, end: node.range.end };
  return anchorsAbove(tree, node.range.start)
    .filter((anchor) => !isMerge || anchor.node.kind === 'map')
    .map((anchor) => ({
      label: anchor.name,
      kind: CompletionItemKind.Reference,
      edit: { range, newText: anchor.name },
      filter: anchor.name,
      rank: -anchor.range.start,
      detail: inShort(tree, anchor),
    }));
}

/** Merge keys for a map that has none yet. */
export function mergeProposals(context: CompletionContext): Proposal[] {
  const { place, snapshot, offset } = context;
  if (snapshot.notation === 'json' || place.map?.merges !== undefined || place.path.length !== 2) return [];
  return anchorsAbove(snapshot.tree, offset)
    .filter(({ node }) => node.kind === 'map')
    .flatMap((anchor): Proposal[] => {
      const edit = keyEdit(context, '<<', ` *${anchor.name}`);
      const detail = inShort(snapshot.tree, anchor);
      return [{ label: `<<: *${anchor.name}`, kind: CompletionItemKind.Reference, rank: 3, detail, ...edit }];
    });
}

/** Of anchors that have the same name the last one counts. */
function anchorsAbove({ anchors }: Tree, offset: number): readonly Anchor[] {
  const above = anchors.filter(({ range, node }) => range.end < offset && node.range.end < offset);
  return [...new Map(above.map((anchor) => [anchor.name, anchor])).values()];
}

function inShort({ text }: Tree, { node }: Anchor): string {
  const start = text.slice(node.range.start, Math.min(node.range.end, node.range.start + 200));
  return shortened(start.replaceAll(/\s+/g, ' '), 60);
}
