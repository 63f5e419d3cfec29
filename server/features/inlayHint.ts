import { InlayHintKind } from 'vscode-languageserver';
import type { InlayHint, InlayHintParams } from 'vscode-languageserver';
import type { TextRange } from '../../core/problems/problem.ts';
import type { MapEntry } from '../../core/imsc/tree/tree.ts';
import { entryOf } from '../../core/imsc/tree/tree.ts';
import type { Evaluation, Outcome } from '../../core/imsc/evaluation/evaluation.ts';
import type { Handler, ServerContext } from '../context.ts';
import { explainOutcome, shortOutcome } from '../explain/explain.ts';
import { inTime } from '../samples/inTime.ts';
import type { Snapshot } from '../documents/snapshot.ts';

/** Characters of a hint. */
const longest = 60;
/** How long an answer waits for the sample, in milliseconds; the client is told to ask again when there is more. */
const patience = 200;

/** The value beside each variable and field. */
export function inlayHint(server: ServerContext): Handler<InlayHintParams, InlayHint[] | null> {
  return async (snapshot, { range }) => {
    const { inlayHints } = await server.settings.of(snapshot.uri);
    if (!inlayHints) return null;
    const next = server.evaluations.of(snapshot);
    const evaluated = await inTime(next, patience);
    if (!evaluated) {
      void tellWhenReady(server, snapshot, next);
      return null;
    }
    const start = snapshot.offsetAt(range.start);
    const end = snapshot.offsetAt(range.end);
    return hintsOf(snapshot, evaluated.evaluation, { start, end })
      .filter(({ offset }) => start <= offset && offset <= end)
      .map(({ offset, label, tooltip }) => ({
        position: snapshot.positionAt(offset),
        label,
        kind: InlayHintKind.Type,
        paddingLeft: true,
        tooltip: { kind: 'markdown', value: tooltip },
      }));
  };
}

async function tellWhenReady(server: ServerContext, { uri }: Snapshot, next: Promise<unknown>): Promise<void> {
  const late = await next.catch(() => undefined);
  if (late) server.valuesChanged(uri);
}

export interface Hint {
  readonly offset: number;
  readonly label: string;
  /** Markdown. */
  readonly tooltip: string;
}

/**
 * The hints of a schema, in the order of the text.
 * @param within of the entries that touch this range only
 */
export function hintsOf(snapshot: Snapshot, evaluation: Evaluation, within?: TextRange): Hint[] {
  const { schema } = snapshot;
  const isWanted = ({ range }: MapEntry): boolean =>
    // What is imported stands elsewhere.
    range.start <= snapshot.text.length &&
    // Behind an entry there may be a comma.
    (within === undefined || (range.start <= within.end && within.start <= range.end + 1));
  const variables = schema.variables.flatMap(({ name, entry }) => {
    if (!isWanted(entry)) return [];
    const result = evaluation.variables.get(name);
    return result?.variable ? hintFor(snapshot, entry, result.outcome, originKeys) : [];
  });
  const fields = evaluation.fields.flatMap(({ field, outcome }) =>
    isWanted(field.entry) ? hintFor(snapshot, field.entry, outcome, ['value']) : [],
  );
  return [...variables, ...fields].sort((a, b) => a.offset - b.offset);
}

const originKeys = ['path', 'url', 'value'];

function hintFor({ text, tree }: Snapshot, entry: MapEntry, outcome: Outcome, keys: readonly string[]): Hint[] {
  const { value } = entry;
  if (entry.merged === true || value?.alias !== undefined) return [];
  const map = value?.kind === 'map' ? value : undefined;
  // Beside where the value comes from; where that takes several lines, beside the name.
  const origin = map && keys.map((key) => entryOf(map, key)).find((found) => found?.value !== undefined);
  const oneLine = origin?.merged !== true && origin && !text.slice(origin.range.start, origin.range.end).includes('\n');
  const isWholeOnOneLine = map !== undefined && !text.slice(map.range.start, map.range.end).includes('\n');
  const after = isWholeOnOneLine ? map.range.end : oneLine ? origin.range.end : entry.key.range.end;
  const offset = behindSeparator(text, after, tree.notation === 'json' || !oneLine);
  return [{ offset, label: labelOf(outcome), tooltip: explainOutcome(outcome) }];
}

/** Behind a comma or the colon and bracket that follow, so that the hint does not tear them off. */
function behindSeparator(text: string, offset: number, isSeparated: boolean): number {
  if (!isSeparated) return offset;
  return offset + (/^[ \t]*(?:,|:[ \t]*[[{>|]?[-+]?)/.exec(text.slice(offset, offset + 20))?.[0].trimEnd().length ?? 0);
}

function labelOf(outcome: Outcome): string {
  switch (outcome.state) {
    case 'known': {
      const text = shortOutcome(outcome, longest);
      return `= ${text === '' ? '“”' : text}`;
    }
    case 'failed':
      return `✗ ${shortOutcome(outcome, longest)}`;
    case 'unknown':
      return '?';
  }
}
