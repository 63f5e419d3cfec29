import { FoldingRangeKind } from 'vscode-languageserver';
import type { FoldingRange, FoldingRangeParams } from 'vscode-languageserver';
import type { TextRange } from '../../core/problems/problem.ts';
import type { Node } from '../../core/imsc/tree/tree.ts';
import type { Handler, ServerContext } from '../context.ts';
import type { Snapshot } from '../documents/snapshot.ts';

/** Everything that goes over more than one line, and runs of comments. */
export function foldingRange(server: ServerContext): Handler<FoldingRangeParams, FoldingRange[] | null> {
  const limit = server.client.textDocument?.foldingRange?.rangeLimit ?? 5000;
  return (snapshot) => {
    const ranges = [...commentRuns(snapshot)];
    const seen = new Set<number>();
    const fold = (start: number, node: Node): void => {
      const range = linesOf(snapshot, start, node);
      if (!range || seen.has(range.startLine)) return;
      seen.add(range.startLine);
      ranges.push(range);
    };
    const visit = (node: Node): void => {
      if (node.alias !== undefined || node.kind === 'scalar') return;
      if (node.kind === 'list') {
        for (const item of node.items) {
          fold(item.range.start, item);
          visit(item);
        }
        return;
      }
      for (const entry of node.entries) {
        if (entry.merged || !entry.value) continue;
        fold(entry.range.start, entry.value);
        visit(entry.value);
      }
    };
    const { root } = snapshot.tree;
    if (root) {
      if (root.kind !== 'scalar' && root.flow) fold(root.range.start, root);
      visit(root);
    }
    return ranges.sort((a, b) => a.startLine - b.startLine).slice(0, limit);
  };
}

function linesOf(snapshot: Snapshot, start: number, node: Node): FoldingRange | undefined {
  const startLine = snapshot.positionAt(start).line;
  const last = snapshot.positionAt(contentEnd(snapshot, node.range)).line;
  // The line with a closing bracket stays in sight.
  const bracketed = node.kind !== 'scalar' && node.flow;
  const endLine = bracketed ? last - 1 : last;
  return endLine > startLine ? { startLine, endLine } : undefined;
}

/** The end of a range without the blank lines that a block text may end with. */
function contentEnd({ text }: Snapshot, { start, end }: TextRange): number {
  let last = end;
  while (last > start && /\s/.test(text[last - 1] ?? '')) last--;
  return last;
}

function* commentRuns(snapshot: Snapshot): Generator<FoldingRange> {
  let run: { first: number; last: number } | undefined;
  for (const { range } of snapshot.tree.comments) {
    const start = snapshot.positionAt(range.start);
    const { line: last } = snapshot.positionAt(range.end);
    const lineStart = snapshot.offsetAt({ line: start.line, character: 0 });
    const alone = snapshot.text.slice(lineStart, range.start).trim() === '';
    if (run && alone && start.line === run.last + 1) {
      run.last = last;
      continue;
    }
    if (run && run.last > run.first) yield { startLine: run.first, endLine: run.last, kind: FoldingRangeKind.Comment };
    run = alone ? { first: start.line, last } : undefined;
  }
  if (run && run.last > run.first) yield { startLine: run.first, endLine: run.last, kind: FoldingRangeKind.Comment };
}
