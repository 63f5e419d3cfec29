import equal from 'fast-deep-equal';
import { archiveJobBody } from './archiveJob.ts';
import type { ArchiveJob } from './archiveJob.ts';
import { isMadeSince, notScicat } from './connection.ts';
import type { Connection } from './connection.ts';
import type { ApiVersion } from './datasetForVersion.ts';
import { isJsonObject, jsonIn, textAt } from './json.ts';

/** Asking SciCat for jobs of its own. */
export interface ArchiveJobCalls {
  /**
   * Asks for a job, sent once.
   * @param pid of the dataset that it is about where it names none
   * @returns its id
   */
  createArchiveJob(job: ArchiveJob, version: ApiVersion, pid: string): Promise<string>;
  /**
   * The id of a job that asks for the same and was made since then (our clock, ISO 8601); `undefined` if there is none.
   * SciCat has no key by which one could be recognised.
   */
  findArchiveJob(job: ArchiveJob, version: ApiVersion, pid: string, since: string): Promise<string | undefined>;
}

/** So many of the newest are looked at. */
const newest = 100;

export function archiveJobCalls({ addresses, post, readList }: Connection): ArchiveJobCalls {
  const url = (version: ApiVersion, below = ''): string =>
    addresses.inVersion(version, `${addresses.endpoint('jobs')}${below}`);
  return {
    async createArchiveJob(job, version, pid) {
      const answer = await post(url(version), JSON.stringify(archiveJobBody(job, version, pid)));
      const id = idOf(jsonIn(answer.bodyText));
      if (id === undefined) throw notScicat(answer, 'a job');
      return id;
    },
    async findArchiveJob(job, version, pid, since) {
      const { type, datasetList, jobParams } = archiveJobBody(job, version, pid);
      const asked = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
      const query =
        version === 'v4'
          ? `?filter=${asked({ where: { type }, limits: { limit: newest, sort: { createdAt: 'desc' } } })}`
          : `/fullquery?fields=${asked({ type })}&limits=${asked({ limit: newest, order: 'createdAt:desc' })}`;
      const { items, answer } = await readList(url(version, query));
      const same = items.find(
        (item) =>
          isJsonObject(item) &&
          equal(item['jobParams'], jobParams) &&
          equal(item['datasetList'], datasetList) &&
          isMadeSince(textAt(item, 'createdAt') ?? textAt(item, 'creationTime'), since, answer),
      );
      return idOf(same);
    },
  };
}

function idOf(job: unknown): string | undefined {
  return textAt(job, 'id') ?? textAt(job, '_id');
}
