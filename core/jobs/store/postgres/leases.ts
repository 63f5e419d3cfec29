import { createHash } from 'node:crypto';
import { hasEnded, ownerIn, takeWithin, thisProcess } from '../lock.ts';
import type { HeldLock, LockOptions, LockOwner, LockResult } from '../lock.ts';
import type { Database } from './database.ts';

/** A lease that this process took. */
export interface Lease {
  /** No other one ever had or has it. */
  readonly epoch: string;
  readonly lock: HeldLock;
}

export interface LeaseOptions {
  /** Milliseconds after its last sign of life for which a process keeps what it holds. */
  readonly leaseMs: number;
}

/** Longer names are digested: an index takes no text of any length. */
const longestName = 200;

/**
 * The locks of a database: each is a row that says who holds it, by which epoch, and until when, by the clock of the
 * database. A process renews what it holds all the time; one that was killed, or cut off, holds nothing any more after
 * `leaseMs`. What is written for a job is written only while its epoch is the one of the row.
 */
export class Leases {
  readonly #database: Database;
  /** A connection of its own, so that no long work stands in front of a sign of life. */
  readonly #signs: Database;
  readonly #leaseMs: number;
  /** When each of them ends unless it is renewed, by the clock of this process; by epoch. */
  readonly #held = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database, signs: Database, { leaseMs }: LeaseOptions) {
    this.#database = database;
    this.#signs = signs;
    this.#leaseMs = leaseMs;
  }

  /** Takes the lease of that name. @throws FileError `journal-unwritable`; the signal's reason */
  take(
    name: string,
    options?: LockOptions,
  ): Promise<{ readonly lease: Lease } | { readonly heldBy: LockOwner | undefined }> {
    return takeWithin(options, () => this.#take(name));
  }

  /** As `take`, as a lock. */
  async lock(name: string, options?: LockOptions): Promise<LockResult> {
    const taken = await this.take(name, options);
    return 'lease' in taken ? { lock: taken.lease.lock } : taken;
  }

  /** Who holds that name, without taking it. */
  async holderOf(name: string): Promise<LockOwner | undefined> {
    const row = await this.#rowOf(name);
    const owner = row && ownerIn(row.owner);
    return owner && !hasEnded(owner, await thisProcess()) ? owner : undefined;
  }

  /** Removes those that were left long ago. */
  async removeDead(): Promise<void> {
    await this.#database.rows(`DELETE FROM imsc.lease WHERE until < now() - interval '1 hour'`);
  }

  async #take(name: string): Promise<{ readonly lease: Lease } | { readonly heldBy: LockOwner | undefined }> {
    const here = await thisProcess();
    const lease = await this.#tryToTake(name, here);
    if (lease) return { lease };
    const row = await this.#rowOf(name);
    const owner = row && ownerIn(row.owner);
    if (!row || !owner || !hasEnded(owner, here)) return { heldBy: owner };
    // Its process was killed on this computer; another one that has seen that, too, may be quicker.
    const now = await this.#tryToTake(name, here, row.epoch);
    return now ? { lease: now } : { heldBy: undefined };
  }

  /** @param dead the epoch of a holder that is surely gone */
  async #tryToTake(name: string, here: LockOwner, dead?: string): Promise<Lease | undefined> {
    const until = performance.now() + this.#leaseMs;
    const values = [nameOf(name), JSON.stringify(here), this.#leaseMs, dead ?? null];
    // Whoever is at the row now has it: it is passed over and not waited for.
    const [taken] = await this.#database.rows<{ epoch: string }>(
      `WITH free AS (
         SELECT name FROM imsc.lease WHERE name = $1 AND (until < now() OR epoch = $4::bigint) FOR UPDATE SKIP LOCKED
       ), taken AS (
         UPDATE imsc.lease SET epoch = nextval('imsc.epoch'), owner = $2, until = now() + $3 * interval '1 millisecond'
         FROM free WHERE lease.name = free.name RETURNING lease.epoch
       ), made AS (
         INSERT INTO imsc.lease (name, epoch, owner, until)
         SELECT $1, nextval('imsc.epoch'), $2, now() + $3 * interval '1 millisecond'
         WHERE NOT EXISTS (SELECT FROM imsc.lease WHERE name = $1)
         ON CONFLICT DO NOTHING RETURNING epoch
       )
       SELECT epoch FROM taken UNION ALL SELECT epoch FROM made`,
      values,
    );
    return taken && this.#holds(taken.epoch, until);
  }

  #holds(epoch: string, until: number): Lease {
    this.#held.set(epoch, until);
    this.#timer ??= setInterval(() => void this.#renew(), this.#leaseMs / 4).unref();
    const isLost = (): boolean => (this.#held.get(epoch) ?? -Infinity) < performance.now();
    const release = async (): Promise<void> => {
      this.#held.delete(epoch);
      if (this.#held.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
      // What cannot be given back comes free by itself.
      await this.#database.rows('DELETE FROM imsc.lease WHERE epoch = $1', [epoch]).catch(() => undefined);
    };
    return {
      epoch,
      lock: {
        get isLost() {
          return isLost();
        },
        confirm: async () => {
          const rows = await this.#database.rows('SELECT FROM imsc.lease WHERE epoch = $1', [epoch]);
          if (rows.length === 0) this.#held.set(epoch, -Infinity);
          return rows.length > 0;
        },
        release,
      },
    };
  }

  async #renew(): Promise<void> {
    const asked = [...this.#held.keys()];
    const until = performance.now() + this.#leaseMs;
    try {
      const renewed = await this.#signs.rows<{ epoch: string }>(
        `UPDATE imsc.lease SET until = now() + $2 * interval '1 millisecond' WHERE epoch = ANY ($1::bigint[]) RETURNING epoch`,
        [asked, this.#leaseMs],
      );
      const still = new Set(renewed.map(({ epoch }) => epoch));
      for (const epoch of asked) if (this.#held.has(epoch)) this.#held.set(epoch, still.has(epoch) ? until : -Infinity);
    } catch {
      // It is tried again; what is not renewed in time is lost.
    }
  }

  async #rowOf(name: string): Promise<{ epoch: string; owner: string } | undefined> {
    const rows = await this.#database.rows<{ epoch: string; owner: string }>(
      'SELECT epoch, owner FROM imsc.lease WHERE name = $1 AND until >= now()',
      [nameOf(name)],
    );
    return rows[0];
  }
}

function nameOf(name: string): string {
  return name.length <= longestName ? name : createHash('sha256').update(name).digest('hex');
}
