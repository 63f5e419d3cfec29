import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../core/config/config.ts';
import { FileError } from '../../core/files/fileError.ts';
import { messageFilePath } from '../../core/ingest/plan/besideData.ts';
import type { JobDraft, Jobs, NewPart } from '../../core/jobs/jobs.ts';
import { budget } from '../../core/limits/budget.ts';
import { problem } from '../../core/problems/problem.ts';
import { CatalogueAddress } from '../../core/scicat/catalogueAddress.ts';
import { shortened } from '../../core/text/shortened.ts';
import { InOrder } from '../inOrder.ts';
import type { Place } from '../inOrder.ts';
import { Marks } from './marks.ts';
import type { IsGone } from './marks.ts';
import type { OnlineProtocol } from './protocols.ts';
import type { Announced, Heard } from './source.ts';

/** What becomes of something that was heard. */
export const fates = ['recorded', 'known', 'aside', 'failed-writing', 'other'] as const;
export type Fate = (typeof fates)[number];

export interface InboxOptions {
  readonly jobs: Jobs;
  readonly config: Config;
  /** Told of each thing that was heard, and what became of it. */
  readonly onTaken?: ((fate: Fate, subject: string) => void) | undefined;
}

/** The place of something that was heard among all that is taken at the same time. */
interface Turn {
  readonly known: Place;
  readonly numbered: Place;
}

type AnnouncedFile = Extract<Announced, { kind: 'file' }>;

/** The name of the part in which a job has its message. */
export const messagePart = 'message.json';
const asideAtMost = 1_000_000;
/** Of what a person may know a job by, so much is shown. */
const tagAtMost = 200;
/** So long is waited for another process that records the same file; then the message is heard again. */
const patienceMs = 2_000;
/** It is looked whether there is room after so many messages. */
const lookAfter = 100;

/**
 * Makes jobs of what is heard. When `take` returns, it is on disk: only then it counts as heard. One file of one SciCat
 * waits once, however often and from wherever it is heard of; the same message makes one job, also if the process is
 * killed at any point.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #marks: Marks;
  /** Where it is known of which file, or message, each is. */
  readonly #known = new InOrder();
  /** Where each job gets its number. */
  readonly #numbered = new InOrder();
  /** What is under way about a file, or a message. */
  readonly #underWay = new Map<string, Promise<unknown>>();
  #untilLook = 0;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#marks = new Marks(options.jobs);
  }

  /** Whether another job may wait. */
  async hasRoom(): Promise<boolean> {
    if (this.#untilLook > 0) {
      this.#untilLook -= 1;
      return true;
    }
    if ((await this.#options.jobs.countOpen()) >= budget.kafka.waiting) return false;
    this.#untilLook = lookAfter;
    return true;
  }

  /**
   * Takes what was heard. Much may be taken at the same time: the jobs have the order in which it was handed on.
   * @param protocol by what way it came
   * @throws FileError `journal-unwritable`
   */
  async take(protocol: OnlineProtocol, announced: Announced, heard: Heard): Promise<Fate> {
    const turn = { known: this.#known.join(), numbered: this.#numbered.join() };
    try {
      return await this.#take(protocol, announced, heard, turn);
    } finally {
      turn.known.pass();
      turn.numbered.pass();
    }
  }

  #take(protocol: OnlineProtocol, announced: Announced, heard: Heard, turn: Turn): Promise<Fate> | Fate {
    if (announced.kind === 'other') return this.#told('other', heard.key);
    if (announced.kind === 'failed-writing') return this.#told('failed-writing', announced.file);
    if (announced.kind === 'damaged') return this.#aside(protocol, heard, announced.reason, turn);
    const { data_directory: base } = this.#options.config.ingestion.file_handling;
    if (!path.isAbsolute(announced.file) && base === '')
      return this.#aside(
        protocol,
        heard,
        'Its file_name is relative, and there is no data_directory that it could begin in.',
        turn,
      );
    return this.#record(protocol, path.resolve(base, announced.file), heard, announced, turn);
  }

  /** Whether a file was taken before as it is now. Nothing is waited for. @param file absolute path */
  async isKnown({ key }: Heard, file: string): Promise<boolean> {
    const mark = await this.#marks.read(await this.#subjectOf(file));
    return mark !== undefined && mark.job !== '' && mark.keys.includes(key);
  }

  /** Forgets some of what was heard long ago and will never be heard again. @throws as `Marks.tidy` */
  tidy(findOut: () => Promise<IsGone>, now?: number): Promise<void> {
    return this.#marks.tidy(findOut, now);
  }

  /** One after the other, in their order: two messages about one file see each other. */
  async #inTurn(subject: string, { before, pass }: Place, work: () => Promise<boolean>): Promise<boolean> {
    await before;
    const done = (this.#underWay.get(subject) ?? Promise.resolve()).then(work);
    const last = done
      .catch(() => undefined)
      .then(() => {
        if (this.#underWay.get(subject) === last) this.#underWay.delete(subject);
      });
    this.#underWay.set(subject, last);
    pass();
    return done;
  }

  #told(fate: Fate, subject: string): Fate {
    this.#options.onTaken?.(fate, subject);
    return fate;
  }

  /** One file of one SciCat, by whatever name it is called. */
  async #subjectOf(file: string): Promise<string> {
    const real = await realpath(file).catch(() => file);
    return JSON.stringify(['file', CatalogueAddress.identityOf(this.#options.config.scicat.host), real]);
  }

  async #record(
    protocol: string,
    file: string,
    heard: Heard,
    { tag, message }: AnnouncedFile,
    turn: Turn,
  ): Promise<Fate> {
    const { jobs, config } = this.#options;
    const subject = await this.#subjectOf(file);
    const isNew = await this.#once(subject, protocol, heard.key, turn, async () => {
      const files = config.ingestion.file_handling;
      const kept = files.message_to_file ? message : undefined;
      const parts = kept === undefined ? [] : [await this.#part(Buffer.from(kept))];
      const messageFile = kept === undefined ? undefined : await messageFilePath(file, files);
      const draft = this.#draft(protocol, heard, parts);
      return () =>
        jobs.enter({
          ...draft,
          request: { ...draft.request, dataFile: file, messageFile },
          tag: tag === undefined ? tag : shortened(tag, tagAtMost),
        });
    });
    return this.#told(isNew ? 'recorded' : 'known', file);
  }

  async #aside(protocol: string, heard: Heard, reason: string, turn: Turn): Promise<Fate> {
    const { jobs } = this.#options;
    const subject = JSON.stringify(['aside', heard.key]);
    const isNew = await this.#once(subject, protocol, heard.key, turn, async () => {
      const bytes = (heard.bytes ?? new Uint8Array()).subarray(0, asideAtMost);
      const part = await this.#part(bytes, 'message.bin');
      const why = problem('message', `A message cannot be used (${heard.key}): ${reason}`);
      return () => jobs.putAside(this.#draft(protocol, heard, [part]), [why]);
    });
    return isNew ? this.#told('aside', `${heard.key}: ${reason}`) : this.#told('known', heard.key);
  }

  /**
   * Makes a job of what is not known yet, one process at a time. It is noted first that one is being made, then which one
   * it is.
   * @param prepare makes ready what it takes to make the job, which gets its number when it is called, and not later
   * @returns whether it was not known
   */
  #once(
    subject: string,
    protocol: string,
    key: string,
    turn: Turn,
    prepare: () => Promise<() => Promise<string>>,
  ): Promise<boolean> {
    const work = async (): Promise<boolean> => {
      if (await this.#isKnown(subject, protocol, key)) return false;
      const before = (await this.#marks.read(subject))?.keys ?? [];
      const keys = [key, ...before.filter((each) => each !== key)];
      await this.#marks.write(subject, { job: '', keys });
      const make = await prepare();
      await turn.numbered.before;
      const made = make();
      turn.numbered.pass();
      await this.#marks.write(subject, { job: await made, keys });
      return true;
    };
    const name = JSON.stringify(['heard', subject]);
    return this.#inTurn(subject, turn.known, () => this.#options.jobs.alone(name, work, { waitMs: patienceMs }));
  }

  async #isKnown(subject: string, protocol: string, key: string): Promise<boolean> {
    const mark = await this.#marks.read(subject);
    if (!mark) return false;
    // A process was killed while it made the job: it may be there or not.
    const job = mark.job === '' ? await this.#jobWith(protocol, mark.keys[0] ?? '') : mark.job;
    if (job === undefined) return false;
    if (mark.job === '') await this.#marks.write(subject, { job, keys: mark.keys });
    if (mark.keys.includes(key)) return true;
    const record = await this.#options.jobs.record(job);
    // One that has begun may have read the file as it was before.
    const waits = record?.status === 'deposited' && !(await this.#hasBegun(job));
    if (waits) await this.#marks.write(subject, { job, keys: [key, ...mark.keys] });
    return waits;
  }

  async #hasBegun(id: string): Promise<boolean> {
    const job = await this.#options.jobs.show(id);
    // A worker that holds it and waits for the file has not: each step is noted before it reads anything.
    return job?.steps.some(({ state }) => state !== 'planned') === true;
  }

  async #jobWith(protocol: string, key: string): Promise<string | undefined> {
    const { jobs } = this.#options;
    const { jobs: all } = await jobs.list({ protocol });
    const made = all.filter(({ slug }) => slug === key);
    // What was not complete when the process was killed, or the disk was full, is made anew.
    for (const { id, status } of made) if (status === 'draft') await jobs.remove(id);
    return made.find(({ submitted }) => submitted)?.id;
  }

  #draft(protocol: string, { key, place }: Heard, parts: readonly NewPart[] = []): JobDraft {
    const { config } = this.#options;
    return {
      protocol,
      slug: key,
      parts,
      request: {
        include: [],
        configFile: config.config_file === '' ? undefined : path.resolve(config.config_file),
        host: config.scicat.host,
        options: { dryRun: config.ingestion.dry_run, protocol: place },
      },
    };
  }

  async #part(bytes: Uint8Array, name = messagePart): Promise<NewPart> {
    async function* once(): AsyncGenerator<Uint8Array, void> {
      yield await Promise.resolve(bytes);
    }
    try {
      const incoming = await this.#options.jobs.receive(once(), { most: budget.kafka.message * 2 });
      return { incoming, about: { kind: 'metadata', name } };
    } catch (error) {
      if (error instanceof FileError || !(error instanceof Error)) throw error;
      throw new FileError('journal-unwritable', `The store ${this.#options.jobs.folder} cannot be written.`);
    }
  }
}
