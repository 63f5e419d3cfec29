import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readWholeLines } from '../../files/durableFiles.ts';
import { isJsonObject, isList, jsonIn, textAt } from '../../scicat/json.ts';
import type { Amendment, JobRecord } from '../job.ts';
import { logFileOf, namesIn } from './jobFolders.ts';

/*
 * What is known of a change of a dataset before it is known what became of it: a line of the log, and an empty file
 * amending/17, because a job that is done is looked at by nobody.
 */

/** Events of the log that tell how a change ended. */
export type AmendmentEnd = 'amend' | 'not-amended';
const ends: ReadonlySet<unknown> = new Set<AmendmentEnd>(['amend', 'not-amended']);

const markOf = (store: string, id: string): string => path.join(store, 'amending', id);

export async function markAmending(store: string, id: string): Promise<void> {
  await mkdir(path.join(store, 'amending'), { recursive: true, mode: 0o700 });
  await writeFile(markOf(store, id), '', { mode: 0o600 });
}

export async function removeAmendingMark(store: string, id: string): Promise<void> {
  await rm(markOf(store, id), { force: true });
}

/** The jobs whose dataset is being changed, or was when a process was killed. */
export function namesOfAmending(store: string): Promise<readonly string[]> {
  return namesIn(path.join(store, 'amending'));
}

/** The line that is written before anything is sent. */
export function amendingLine({ at, given, changes }: Amendment, { status, revision }: JobRecord): string {
  return JSON.stringify({ at, event: 'amending', status, revision, given, changes });
}

/** A change that was begun, and of which it is not known what became of it. */
export async function unsettledAmendment(folder: string, record: JobRecord): Promise<Amendment | undefined> {
  const { lines } = await readWholeLines(logFileOf(folder));
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
