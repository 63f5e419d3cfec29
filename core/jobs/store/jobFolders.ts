import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { failureCode } from '../../files/failureReason.ts';
import { makeFolder } from '../../files/makeFolder.ts';
import { removeFile, statOf, textOf } from '../../files/smallReads.ts';
import type { JobPlace } from './jobStore.ts';

/*
 * Where the jobs of a store lie:
 *
 *   jobs/17/             a job, by its number
 *   waiting/17           empty: a queue will come to this job, which has no plan yet
 *   open/17              empty: this one has not ended, and has a plan, or a person has begun it
 *   amending/17          empty: the dataset of this one is being changed
 *   status/failed/17     empty: this is its status; while that changes, it stands under both
 *   ended/2026-03-04/17  empty: it ended on that day, and is deleted some day
 *   heard/3f/9b…         what was noted under a name that belongs to no job
 *   last                 the number that was given last, as far as that is known
 *   runs/NAME/           a job of an older version that has not ended
 *   finished/DAY/NAME/   one that has
 *
 * Whoever ingests a file looks into what is open, and at nothing else, so that neither beginning a job nor tidying takes longer because of how many there are.
 */

const dayMs = 24 * 60 * 60 * 1000;
/** How a job of this version is named: its number. */
const jobNumber = /^[1-9]\d{0,14}$/;
/** How older versions named theirs: by the time of their making. */
const olderName = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

/** Whether a text names a job. */
export function isJobName(id: string): boolean {
  return jobNumber.test(id) || olderName.test(id);
}

/** Where the folder of a job lies. */
export interface JobFolder {
  readonly id: string;
  readonly folder: string;
  /** It has been put away: nothing is left to do. */
  readonly isEnded: boolean;
}

/** Where a job lies that has not ended. */
export function openFolder(store: string, id: string): string {
  return path.join(store, jobNumber.test(id) ? 'jobs' : 'runs', id);
}

/** The log of a job: what happened to it, and what became of its steps. Older versions kept the steps only. */
export function logFileOf(folder: string): string {
  return path.join(folder, jobNumber.test(path.basename(folder)) ? 'events.jsonl' : 'steps.jsonl');
}

/** How many numbers are tried one after the other, before it is looked which are given. */
const triesInOrder = 20;

/**
 * Makes the folder of a new job, under a number that no other has, whichever process asks.
 * @returns the number
 */
export async function makeJobFolder(store: string, isQueued: boolean): Promise<number> {
  const jobs = path.join(store, 'jobs');
  const marks = path.join(store, isQueued ? 'waiting' : 'open');
  await Promise.all([jobs, marks].map((folder) => makeFolder(folder, 0o700)));
  let next = (await lastNumber(store)) + 1;
  for (let tried = 1; ; tried++, next++) {
    try {
      await mkdir(path.join(jobs, String(next)), 0o700);
      break;
    } catch (error) {
      if (failureCode(error) !== 'EEXIST') throw error;
    }
    if (tried % triesInOrder === 0) next = Math.max(next, (await numbersIn(jobs)).at(-1) ?? 0);
  }
  // Before anything is in it: a job that has not ended is never overlooked.
  await writeFile(path.join(marks, String(next)), '', { mode: 0o600 });
  await writeFile(path.join(store, 'last'), String(next), { mode: 0o600 });
  return next;
}

async function lastNumber(store: string): Promise<number> {
  const noted = textOf(path.join(store, 'last')) ?? '';
  if (jobNumber.test(noted)) return Number(noted);
  return (await numbersIn(path.join(store, 'jobs'))).at(-1) ?? 0;
}

/** Sorted. */
async function numbersIn(folder: string): Promise<Float64Array> {
  const names = await readdir(folder).catch((): string[] => []);
  return Float64Array.from(names.filter((name) => jobNumber.test(name)).map(Number)).sort();
}

/** Puts a job that has ended among the ended ones of that day. */
export async function putAway(store: string, id: string, at: string): Promise<void> {
  const isNumber = jobNumber.test(id);
  const to = path.join(store, isNumber ? 'ended' : 'finished', at.slice(0, 10));
  await makeFolder(to, 0o700);
  // Another process may have been quicker, or it lies there already.
  for (const from of isNumber ? ['waiting', 'open'] : ['runs'])
    await rename(path.join(store, from, id), path.join(to, id)).catch(() => undefined);
}

/** Puts a job that waited, or had ended, among those that have not and have a plan. To be called before there is one. */
export async function takeBack(store: string, id: string): Promise<void> {
  const to = path.join(store, 'open', id);
  await makeFolder(path.dirname(to), 0o700);
  const waiting = path.join(store, 'waiting', id);
  if (isThere(waiting)) return rename(waiting, to);
  const marks = await endedMarks(store, id);
  await writeFile(to, '', { mode: 0o600 });
  for (const mark of marks) await removeFile(mark);
}

/** Puts a job under a label, before that is so. */
export async function labelJob(store: string, id: string, label: string): Promise<void> {
  const file = path.join(store, 'status', label, id);
  await makeFolder(path.dirname(file), 0o700);
  await writeFile(file, '', { mode: 0o600 });
}

/**
 * Takes a job from under all labels but one, or from under all.
 * @param last the only one that it can be under besides, where that is known
 */
export async function unlabelJob(store: string, id: string, but?: string, last?: string): Promise<void> {
  const labels = last === undefined ? await namesIn(path.join(store, 'status')) : [last];
  const others = labels.filter((label) => label !== but);
  await Promise.all(others.map((label) => removeFile(path.join(store, 'status', label, id))));
}

/** The labels of all jobs that have any. */
export async function labelsOfJobs(store: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const labels = new Map<string, string[]>();
  const names = await namesIn(path.join(store, 'status'));
  const listed = await Promise.all(names.map((label) => namesIn(path.join(store, 'status', label))));
  for (const [index, label] of names.entries())
    for (const id of listed[index] ?? []) {
      const known = labels.get(id);
      if (known) known.push(label);
      else labels.set(id, [label]);
    }
  return labels;
}

/** Deletes the folder of a job. */
export async function removeJobFolder({ folder, id }: JobFolder, store: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  if (!jobNumber.test(id)) return;
  for (const marks of ['waiting', 'open', 'amending']) await removeFile(path.join(store, marks, id));
  await unlabelJob(store, id);
}

/** Deletes a job that has ended, by whatever day. */
export async function removeEndedJob(job: JobFolder, store: string): Promise<void> {
  await removeJobFolder(job, store);
  for (const mark of await endedMarks(store, job.id)) await removeFile(mark);
}

/** Where it may stand that a job has ended. */
async function endedMarks(store: string, id: string): Promise<readonly string[]> {
  const days = await namesIn(path.join(store, 'ended'));
  return jobNumber.test(id) ? days.map((day) => path.join(store, 'ended', day, id)) : [];
}

/**
 * Deletes the jobs that ended on days that were over before a time in milliseconds, the oldest first.
 * @returns their names, no more than `atMost`
 */
export async function removeEndedBefore(store: string, before: number, atMost: number): Promise<readonly string[]> {
  const deleted: string[] = [];
  for (const kind of ['finished', 'ended'] as const) {
    for (const day of await namesIn(path.join(store, kind))) {
      if (!(Date.parse(day) + dayMs < before)) continue;
      const folder = path.join(store, kind, day);
      for (const id of await namesIn(folder)) {
        if (deleted.length >= atMost) return deleted;
        if (kind === 'ended') {
          await rm(path.join(store, 'jobs', id), { recursive: true, force: true });
          await unlabelJob(store, id);
        }
        // Last, so that a job of which something is left is found again.
        await rm(path.join(folder, id), { recursive: true, force: true });
        deleted.push(id);
      }
      await rmdir(folder).catch(() => undefined);
    }
  }
  return deleted;
}

/** The jobs that ended on days that were over before a time in milliseconds, day by day. */
export async function endedOnDays(
  store: string,
  before: number,
): Promise<readonly { readonly day: string; readonly ids: readonly string[] }[]> {
  const days = (await namesIn(path.join(store, 'ended'))).filter((day) => Date.parse(day) + dayMs < before);
  return Promise.all(days.map(async (day) => ({ day, ids: await namesIn(path.join(store, 'ended', day)) })));
}

/** The jobs of a store, newest first, without looking into any. */
export async function jobPlaces(store: string): Promise<readonly JobPlace[]> {
  const [numbers, open, older] = await Promise.all([
    numbersIn(path.join(store, 'jobs')),
    numbersOfOpen(store),
    olderFolders(store),
  ]);
  const own = Array.from(numbers, (number): JobPlace => ({ id: String(number), isEnded: !open.has(number) }));
  return [...own.reverse(), ...older];
}

/** The jobs of older versions, newest first. */
async function olderFolders(store: string): Promise<readonly JobFolder[]> {
  const found = await Promise.all([
    olderIn(path.join(store, 'runs'), false),
    ...(await namesIn(path.join(store, 'finished'))).map((day) => olderIn(path.join(store, 'finished', day), true)),
  ]);
  return found.flat().sort((one, other) => (one.id < other.id ? 1 : -1));
}

/** The numbers of the jobs that have not ended, oldest first. */
export async function namesOfOpen(store: string): Promise<readonly string[]> {
  return [...(await numbersOfOpen(store))].sort((one, other) => one - other).map(String);
}

async function numbersOfOpen(store: string): Promise<ReadonlySet<number>> {
  const marked = await Promise.all(['waiting', 'open'].map((marks) => numbersIn(path.join(store, marks))));
  // One that is just being planned is found in either.
  return new Set(marked.flatMap((numbers) => [...numbers]));
}

/** Where the job of that name lies; undefined if there is none. */
export async function findJobFolder(store: string, id: string): Promise<JobFolder | undefined> {
  if (!jobNumber.test(id))
    return olderName.test(id) ? (await olderFolders(store)).find((each) => each.id === id) : undefined;
  const folder = path.join(store, 'jobs', id);
  return isThere(folder) ? { id, folder, isEnded: !isOpen(store, id) } : undefined;
}

function isOpen(store: string, id: string): boolean {
  return isThere(path.join(store, 'waiting', id)) || isThere(path.join(store, 'open', id));
}

function isThere(file: string): boolean {
  return statOf(file) !== undefined;
}

async function olderIn(folder: string, isEnded: boolean): Promise<JobFolder[]> {
  const names = await namesIn(folder);
  return names.filter((id) => olderName.test(id)).map((id) => ({ id, folder: path.join(folder, id), isEnded }));
}

const markKey = /^[0-9a-f]{40}$/;

/** The file for what was noted under a name. */
export function markFile(store: string, name: string): string {
  return fileOfMark(store, createHash('sha256').update(name).digest('hex').slice(0, 40));
}

/** The file of a mark by the beginning of its hash. */
export function fileOfMark(store: string, key: string): string {
  return path.join(store, 'heard', key.slice(0, 2), key.slice(2));
}

/** So many keys of marks, sorted, from behind one on. */
export async function keysOfMarks(store: string, after: string, atMost: number): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const first of await namesIn(path.join(store, 'heard'))) {
    if (first < after.slice(0, 2)) continue;
    // A half-written one of a process that was killed is no mark.
    const names = (await namesIn(path.join(store, 'heard', first))).map((name) => first + name);
    keys.push(...names.filter((key) => markKey.test(key) && key > after));
    if (keys.length >= atMost) return keys.slice(0, atMost);
  }
  return keys;
}

/** The names in a folder, sorted; none where it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch((): string[] => [])).sort();
}
