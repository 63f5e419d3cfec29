import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../../../problems/problem.ts';
import { cancelFileName } from '../jobRecord.ts';
import { jobLock } from '../jobStore.ts';
import type { HeldJob, JobPlace, JobStore, MarkedPlace, OldMark, OldMarks, Whereabouts, Writing } from '../jobStore.ts';
import { hasEnded, lost, ownerIn, thisProcess } from '../lock.ts';
import type { HeldLock, LockOptions, LockOwner, LockResult } from '../lock.ts';
import { Database } from './database.ts';
import { Leases } from './leases.ts';
import type { Lease } from './leases.ts';
import { migrate } from './migrations.ts';

export interface PostgresOptions {
  /** The folder in which there is one for what is sent for the jobs of this database. */
  readonly folder: string;
  /** Milliseconds after its last sign of life for which a process keeps what it holds. */
  readonly leaseMs?: number | undefined;
}

/** With the pause of a queue between two looks, what a killed process held is taken up within 15 s. */
const usualLeaseMs = 12_000;
const mostConnections = 8;
const answerMs = 30_000;
/** A number as the database can have it. */
const isNumber = (id: string): boolean => /^[1-9]\d{0,14}$/.test(id);
const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map(({ id }) => id);

/** Jobs in a PostgreSQL database, for many computers. */
export class PostgresStore implements JobStore {
  readonly name: string;
  readonly folder: string;
  readonly lookMs = 2_000;
  readonly #database: Database;
  readonly #signs: Database;
  readonly #leases: Leases;

  private constructor(database: Database, signs: Database, folder: string, leaseMs: number) {
    this.name = database.name;
    this.folder = folder;
    this.#database = database;
    this.#signs = signs;
    this.#leases = new Leases(database, signs, { leaseMs });
  }

  /**
   * Opens the jobs of a database, and makes its tables where there are none.
   * @param address `postgres://…`
   * @throws FileError `journal-unwritable`
   */
  static async open(address: string, { folder, leaseMs = usualLeaseMs }: PostgresOptions): Promise<PostgresStore> {
    const database = new Database(address, { most: mostConnections, answerMs });
    const signs = new Database(address, { most: 1, answerMs: leaseMs / 2 });
    const id = await migrate(database);
    return new PostgresStore(database, signs, path.join(folder, `database-${id}`), leaseMs);
  }

  /** Ends its connections; what is held then comes free by itself. */
  async close(): Promise<void> {
    await Promise.all([this.#database.close(), this.#signs.close()]);
  }

  async create(
    isQueued: boolean,
    first: (id: string) => Promise<Pick<Writing, 'pages' | 'lines' | 'label'>>,
  ): Promise<HeldJob> {
    const [next] = await this.#database.rows<{ id: string }>(
      `SELECT nextval(pg_get_serial_sequence('imsc.job', 'id')) AS id`,
    );
    const id = next?.id ?? '';
    const taken = await this.#leases.take(jobLock(id));
    if (!('lease' in taken)) throw new Error(`The new job ${id} is held by another process.`);
    try {
      const { pages = {}, lines = [], label } = await first(id);
      await this.#database.rows(
        `WITH job AS (INSERT INTO imsc.job (id, place, label) VALUES ($1, $2, $6)),
              page AS (INSERT INTO imsc.page SELECT $1, * FROM unnest($3::text[], $4::text[]))
         INSERT INTO imsc.line (job, body) SELECT $1, unnest($5::text[])`,
        [id, isQueued ? 'waiting' : 'open', Object.keys(pages), Object.values(pages), lines, label ?? null],
      );
    } catch (error) {
      await rm(this.filesOf(id), { recursive: true, force: true }).catch(() => undefined);
      await taken.lease.lock.release();
      throw error;
    }
    return new HeldRow(this.#database, id, taken.lease);
  }

  async hold(id: string, options?: LockOptions): ReturnType<JobStore['hold']> {
    const taken = await this.#leases.take(jobLock(id), options);
    return 'lease' in taken ? { job: new HeldRow(this.#database, id, taken.lease) } : taken;
  }

  async pages<Name extends string>(id: string, ...names: readonly Name[]): Promise<Partial<Record<Name, string>>> {
    if (!isNumber(id)) return {};
    const rows = await this.#database.rows<{ name: string; body: string }>(
      'SELECT name, body FROM imsc.page WHERE job = $1 AND name = ANY ($2)',
      [id, names],
    );
    const found: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const row = rows.find((each) => each.name === name);
      if (row) found[name] = row.body;
    }
    return found;
  }

  async lines(id: string): Promise<readonly string[]> {
    if (!isNumber(id)) return [];
    const rows = await this.#database.rows<{ body: string }>(
      'SELECT body FROM imsc.line WHERE job = $1 ORDER BY number',
      [id],
    );
    return rows.map(({ body }) => body);
  }

  async listBytes(id: string): Promise<number> {
    const [row] = await this.#database.rows<{ bytes: string }>(
      'SELECT coalesce(sum(octet_length(body)), 0) AS bytes FROM imsc.piece WHERE job = $1',
      [id],
    );
    return Number(row?.bytes ?? 0);
  }

  async *list(id: string): AsyncGenerator<string, void> {
    let after = '0';
    for (;;) {
      const [row] = await this.#database.rows<{ number: string; body: string }>(
        'SELECT number, body FROM imsc.piece WHERE job = $1 AND number > $2 ORDER BY number LIMIT 1',
        [id, after],
      );
      if (!row) return;
      yield row.body;
      after = row.number;
    }
  }

  whereIs(id: string, page: string): Whereabouts {
    return { text: `${page} of job ${id} in ${this.name}` };
  }

  filesOf(id: string): string {
    return path.join(this.folder, 'jobs', path.basename(id));
  }

  places(most?: number): Promise<readonly JobPlace[]> {
    return this.#places('SELECT id, place FROM imsc.job ORDER BY id DESC LIMIT $1', [most ?? null]);
  }

  async newest(most: number): Promise<readonly MarkedPlace[]> {
    // Whoever writes something of a job touches it, in the same statement.
    const rows = await this.#database.rows<{ id: string; place: string; touched: string; owner: string | null }>(
      `SELECT job.id, place, touched::text, lease.owner FROM (SELECT * FROM imsc.job ORDER BY id DESC LIMIT $1) AS job
       LEFT JOIN imsc.lease ON lease.name = '["run","' || job.id || '"]' AND lease.until >= now()
       ORDER BY job.id DESC`,
      [most],
    );
    const isAway = await goneOwners();
    return rows.map(({ id, place, touched, owner }) => {
      const isHeld = owner !== null && !isAway(owner);
      return { id, isEnded: place === 'ended', mark: `${place} ${touched} ${isHeld}` };
    });
  }

  async find(id: string): Promise<JobPlace | undefined> {
    if (!isNumber(id)) return undefined;
    return (await this.#places('SELECT id, place FROM imsc.job WHERE id = $1', [id]))[0];
  }

  async #places(text: string, values: readonly unknown[] = []): Promise<readonly JobPlace[]> {
    const rows = await this.#database.rows<{ id: string; place: string }>(text, values);
    return rows.map(({ id, place }) => ({ id, isEnded: place === 'ended' }));
  }

  async labels(): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await this.#database.rows<{ id: string; label: string }>(
      'SELECT id, label FROM imsc.job WHERE label IS NOT NULL',
    );
    return new Map(rows.map(({ id, label }) => [id, [label]] as const));
  }

  async open(): Promise<readonly string[]> {
    return idsOf(await this.#database.rows(`SELECT id FROM imsc.job WHERE place <> 'ended' ORDER BY id`));
  }

  async free(): Promise<readonly string[]> {
    const rows = await this.#database.rows<{ id: string; owner: string | null }>(
      `SELECT job.id, lease.owner FROM imsc.job
       LEFT JOIN imsc.lease ON lease.name = '["run","' || job.id || '"]' AND lease.until >= now()
       WHERE place <> 'ended' ORDER BY id`,
    );
    const hasGone = await goneOwners();
    return idsOf(rows.filter(({ owner }) => owner === null || hasGone(owner)));
  }

  async begun(): Promise<{ readonly ids: readonly string[]; readonly strays: readonly Problem[] }> {
    const rows = await this.#database.rows<{ id: string }>(`SELECT id FROM imsc.job WHERE place = 'open' ORDER BY id`);
    return { ids: idsOf(rows), strays: [] };
  }

  async amending(): Promise<readonly string[]> {
    return idsOf(await this.#database.rows('SELECT id FROM imsc.job WHERE is_amending ORDER BY id'));
  }

  async putAway(id: string, at: string): Promise<void> {
    await this.#database.rows(`UPDATE imsc.job SET place = 'ended', ended = $2::date WHERE id = $1`, [
      id,
      at.slice(0, 10),
    ]);
  }

  async remove(id: string): Promise<void> {
    await rm(this.filesOf(id), { recursive: true, force: true });
    await this.#database.rows('DELETE FROM imsc.job WHERE id = $1', [id]);
  }

  async endedBefore(before: number): ReturnType<JobStore['endedBefore']> {
    return this.#database.rows(
      `SELECT ended::text AS day, array_agg(id::text ORDER BY id) AS ids FROM imsc.job
       WHERE place = 'ended' AND ended < $1::date GROUP BY ended ORDER BY ended`,
      [dayOf(before)],
    );
  }

  async removeEndedBefore(before: number, atMost: number): Promise<readonly string[]> {
    // Several computers may tidy at the same time, each something else.
    const rows = await this.#database.rows<{ id: string }>(
      `DELETE FROM imsc.job WHERE id IN (
         SELECT id FROM imsc.job WHERE place = 'ended' AND ended < $1::date
         ORDER BY ended, id LIMIT $2 FOR UPDATE SKIP LOCKED
       ) RETURNING id`,
      [dayOf(before), Number.isFinite(atMost) ? atMost : null],
    );
    for (const { id } of rows) await rm(this.filesOf(id), { recursive: true, force: true });
    return idsOf(rows);
  }

  async touched(id: string): Promise<number> {
    const [row] = await this.#database.rows<{ touched: Date }>('SELECT touched FROM imsc.job WHERE id = $1', [id]);
    return row?.touched.getTime() ?? Date.now();
  }

  async callOff(id: string): Promise<void> {
    await this.#database.rows('INSERT INTO imsc.page VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      id,
      cancelFileName,
      '',
    ]);
  }

  async isCalledOff(id: string): Promise<boolean> {
    return cancelFileName in (await this.pages(id, cancelFileName));
  }

  lock(name: string, options?: LockOptions): Promise<LockResult> {
    return this.#leases.lock(name, options);
  }

  holderOf(name: string): Promise<LockOwner | undefined> {
    return this.#leases.holderOf(name);
  }

  removeDeadLocks(): Promise<void> {
    return this.#leases.removeDead();
  }

  async mark(name: string): Promise<string | undefined> {
    const rows = await this.#database.rows<{ body: string }>(
      `SELECT body FROM imsc.mark WHERE name = encode(sha256(convert_to($1, 'UTF8')), 'hex')`,
      [name],
    );
    return rows[0]?.body;
  }

  async setMark(name: string, text: string): Promise<void> {
    await this.#database.rows(
      `INSERT INTO imsc.mark (name, body) VALUES (encode(sha256(convert_to($1, 'UTF8')), 'hex'), $2)
       ON CONFLICT (name) DO UPDATE SET body = excluded.body, written = now()`,
      [name, text],
    );
  }

  async oldMarks(before: number, after: string, atMost: number): Promise<OldMarks> {
    // By the key alone, so that a look takes no longer because of how many there are.
    const rows = await this.#database.rows<OldMark & { is_old: boolean }>(
      `SELECT name AS key, body AS text, written < $1 AS is_old FROM imsc.mark WHERE name > $2 ORDER BY name LIMIT $3`,
      [new Date(before), after, atMost],
    );
    const marks = rows.filter(({ is_old: isOld }) => isOld).map(({ key, text }) => ({ key, text }));
    return { marks, next: rows.length < atMost ? '' : (rows.at(-1)?.key ?? '') };
  }

  async removeMark({ key, text }: OldMark): Promise<void> {
    await this.#database.rows('DELETE FROM imsc.mark WHERE name = $1 AND body = $2', [key, text]);
  }
}

/** Tells whether an owner of a lease was a process of this computer that is no more. */
async function goneOwners(): Promise<(owner: string) => boolean> {
  const here = await thisProcess();
  return (owner) => {
    const holder = ownerIn(owner);
    return holder !== undefined && hasEnded(holder, here);
  };
}

/** A job whose lease this process holds. What it writes is written only while that is so, in one transaction. */
class HeldRow implements HeldJob {
  readonly id: string;
  readonly #database: Database;
  readonly #lease: Lease;

  constructor(database: Database, id: string, lease: Lease) {
    this.#database = database;
    this.id = id;
    this.#lease = lease;
  }

  get lock(): HeldLock {
    return this.#lease.lock;
  }

  async write({ isAmending, pages = {}, label, lines = [], place }: Writing): Promise<void> {
    const all = Object.entries(pages);
    const kept = all.filter((page): page is [string, string] => page[1] !== undefined);
    const gone = all.flatMap(([name, text]) => (text === undefined ? [name] : []));
    const [written] = await this.#database.rows<{ is_held: boolean }>(
      `WITH held AS (SELECT epoch FROM imsc.lease WHERE name = $2 AND epoch = $3 FOR SHARE),
            job AS (
              UPDATE imsc.job SET touched = now(), place = coalesce($4, place),
                ended = CASE $4 WHEN 'ended' THEN (now() AT TIME ZONE 'UTC')::date WHEN 'open' THEN NULL ELSE ended END,
                is_amending = coalesce($5, is_amending), label = coalesce($10, label)
              FROM held WHERE id = $1 RETURNING id
            ),
            gone AS (DELETE FROM imsc.page USING job WHERE page.job = job.id AND name = ANY ($6::text[])),
            pieces AS (DELETE FROM imsc.piece USING job WHERE piece.job = job.id AND 'files.jsonl' = ANY ($6::text[])),
            page AS (
              INSERT INTO imsc.page SELECT job.id, new.* FROM job, unnest($7::text[], $8::text[]) AS new (name, body)
              ON CONFLICT (job, name) DO UPDATE SET body = excluded.body
            ),
            line AS (
              INSERT INTO imsc.line (job, body)
              SELECT job.id, new.body FROM job, unnest($9::text[]) WITH ORDINALITY AS new (body, number) ORDER BY number
            )
       SELECT count(*) > 0 AS is_held FROM held`,
      [
        this.id,
        jobLock(this.id),
        this.#lease.epoch,
        place ?? null,
        isAmending ?? null,
        gone,
        kept.map(([name]) => name),
        kept.map(([, text]) => text),
        lines,
        label ?? null,
      ],
    );
    if (written?.is_held !== true) throw lost();
  }

  async writeList(pieces: AsyncIterable<string>): Promise<number> {
    let bytes = 0;
    for await (const piece of pieces) {
      const [written] = await this.#database.rows<{ is_held: boolean }>(
        `WITH held AS (SELECT epoch FROM imsc.lease WHERE name = $2 AND epoch = $3 FOR SHARE),
              piece AS (INSERT INTO imsc.piece (job, body) SELECT $1, $4 FROM held)
         SELECT count(*) > 0 AS is_held FROM held`,
        [this.id, jobLock(this.id), this.#lease.epoch, piece],
      );
      if (written?.is_held !== true) throw lost();
      bytes += Buffer.byteLength(piece);
    }
    return bytes;
  }

  /** Whatever is written is kept at once. */
  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.#lease.lock.release();
  }
}

/** The day of a time in milliseconds, in UTC. A day before it is over then. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
