import { stat } from 'node:fs/promises';
import type { Extraction, Job } from '../../../core/jobs/jobs.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import { requestFor, requireRoom } from '../../jobs.ts';
import type { Services } from '../../protocol.ts';
import { folderAt } from './folders.ts';
import { methodsOf } from './methods.ts';
import type { Method } from './methods.ts';
import { inSections } from './sections.ts';

const hourMs = 3600 * 1000;

/** The method of that name. @throws HttpRefusal 400 */
async function methodNamed(services: Services, name: string): Promise<Method> {
  const found = (await methodsOf(services)).find((method) => method.name === name);
  if (found) return found;
  throw new HttpRefusal(400, `There is no method “${name}” here.`);
}

/**
 * The extraction of a folder by a method: the one that is under way or was made of the same data, or a new one.
 * @throws HttpRefusal 400
 */
export async function extractionOf(services: Services, owner: string, filePath: string, name: string): Promise<Job> {
  const { jobs, settings } = services;
  const found = await folderAt(services, filePath);
  const { schemaFile } = await methodNamed(services, name);
  const known = await jobs.list({ protocol: 'openem', owner, status: ['deposited', 'verified', 'done'] });
  for (const job of known.jobs) {
    const { request, kind } = job;
    if (kind !== 'extraction' || request.folder !== found.file || request.schemaFile !== schemaFile) continue;
    if (await isFresh(job, settings.expiry.extraction_hours * hourMs)) return job;
  }
  await requireRoom(services);
  return jobs.create({
    kind: 'extraction',
    protocol: 'openem',
    owner,
    request: {
      ...requestFor(services, found),
      schemaFile,
      options: { dryRun: true, protocol: { filePath, methodName: name } },
    },
  });
}

/** Whether what was found, or is being looked for, is of the data as they are now. */
async function isFresh({ created, staged, request }: Job, keptMs: number): Promise<boolean> {
  const began = Date.parse(created);
  if (Date.now() - began > keptMs) return false;
  for (const file of [request.folder, staged?.dataFile]) {
    const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
    // Copied or moved to its place with its old time, it is other data all the same.
    if (found && found.ctimeMs > began) return false;
  }
  return true;
}

const percents: Readonly<Record<string, number>> = { stage: 5, verify: 20, extract: 40, merge: 80, check: 90 };

/** How far it is, in percent, as far as that can be told. */
export function percentOf({ status, steps }: Job): number {
  if (status === 'done') return 100;
  const at = steps.findLast(({ state }) => state !== 'planned');
  return at ? (percents[at.name] ?? 1) : 0;
}

/** What an extraction that has ended came to: what is known, and what not; or why nothing is. */
export type Outcome = { readonly result: object; readonly notes: string } | { readonly failed: string };

export async function outcomeOf({ jobs, settings }: Services, job: Job): Promise<Outcome> {
  const found = job.status === 'done' ? await jobs.extraction(job.id) : undefined;
  if (!found) {
    if (job.status === 'cancelled') return { failed: 'The extraction was cancelled.' };
    return { failed: job.statusDetail.map(({ message }) => message).join('\n') || 'The extraction has failed.' };
  }
  const unread = whyUnread(found);
  if (unread !== undefined) return { failed: unread };
  return {
    result: inSections(found.dataset['scientificMetadata'], settings.protocols.openem.sections),
    notes: notesOf(found),
  };
}

/**
 * Why nothing at all is known, as of a file that is damaged: the page shows no notes, and would show empty fields. Without
 * a schema that takes the file they are filled in by hand.
 */
function whyUnread({ dataset, problems }: Extraction): string | undefined {
  if (Object.keys(dataset).length > 0) return undefined;
  return problems.find(({ severity, code }) => severity === 'error' && code !== 'no-schema')?.message;
}

export function notesOf({ problems }: Extraction): string {
  return problems.map(({ message }) => message).join('\n');
}

/** Who follows which extraction: when nobody does any more, it need not go on. */
export class Followers {
  readonly #counts = new Map<string, number>();
  /** Those whose askers come back for them. */
  readonly #kept = new Set<string>();

  /** Somebody follows it from now on. */
  add(id: string): void {
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
  }

  /** @returns whether nobody is left, and nobody will come back */
  remove(id: string): boolean {
    const left = (this.#counts.get(id) ?? 1) - 1;
    if (left > 0) this.#counts.set(id, left);
    else this.#counts.delete(id);
    return left <= 0 && !this.#kept.has(id);
  }

  /** Somebody has asked for it and comes back. @param isOpen whether an extraction still goes on */
  async keep(id: string, isOpen: (id: string) => Promise<boolean>): Promise<void> {
    // Two of the others are looked at for each that comes: there are never many that have ended.
    for (const other of [...this.#kept].slice(0, 2)) {
      this.#kept.delete(other);
      if (await isOpen(other)) this.#kept.add(other);
    }
    this.#kept.add(id);
  }
}
