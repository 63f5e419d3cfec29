import { isJsonObject, isList, jsonIn, textAt } from '../../scicat/json.ts';
import type { LoggedNews } from '../events.ts';
import type { Amendment, JobRecord } from '../job.ts';
import type { JobStore } from './jobStore.ts';

/*
 * What is known of a change of a dataset before it is known what became of it: a line of the log, and a mark of the
 * job, because one that is done is looked at by nobody.
 */

/** Events of the log that tell how a change ended. */
export type AmendmentEnd = 'amend' | 'not-amended';
const ends: ReadonlySet<unknown> = new Set<AmendmentEnd>(['amend', 'not-amended']);

/** What is written before anything is sent. */
export function amendingNews({ at, given, changes }: Amendment, { status, revision }: JobRecord): LoggedNews {
  return { kind: 'event', at, event: 'amending', status, revision, given, changes };
}

/** A change that was begun, and of which it is not known what became of it. */
export async function unsettledAmendment(store: JobStore, record: JobRecord): Promise<Amendment | undefined> {
  const lines = await store.lines(record.id);
  const events = lines.map(jsonIn).filter((line) => textAt(line, 'event') !== undefined);
  const begun = events.findLastIndex((line) => textAt(line, 'event') === 'amending');
  const last = events[begun];
  const hasEnded = events.slice(begun).some((line) => ends.has(textAt(line, 'event')));
  // The record is written before the line that says so.
  const isRecorded = record.amendments.some(({ at }) => at === textAt(last, 'at'));
  return !hasEnded && !isRecorded && isAmendment(last) ? last : undefined;
}

function isAmendment(line: unknown): line is Amendment {
  return (
    isJsonObject(line) &&
    textAt(line, 'at') !== undefined &&
    isListOf(line['given'], 'field', 'from') &&
    isListOf(line['changes'], 'field')
  );
}

function isListOf(value: unknown, ...texts: readonly string[]): boolean {
  return isList(value) && value.every((item) => texts.every((name) => textAt(item, name) !== undefined));
}
