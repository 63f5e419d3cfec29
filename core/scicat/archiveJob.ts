import type { JsonValue } from './json.ts';

/** One of SciCat's own jobs, a request to what archives or retrieves data; not a job of ours. */
export interface ArchiveJob {
  readonly type: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly ownerUser: string;
  readonly ownerGroup: string;
  readonly contactEmail: string;
}

/**
 * What is sent to `POST /{version}/jobs` to ask for a job.
 *
 * v4 takes what the next Python ingestor sends, with the datasets inside of the parameters. v3 has the datasets beside
 * them and knows the owner as parameters; a job that names no datasets is about the whole dataset.
 * @param pid of the dataset as it is in SciCat
 */
export function archiveJobBody(
  { type, parameters, ownerUser, ownerGroup, contactEmail }: ArchiveJob,
  version: 'v3' | 'v4',
  pid: string,
): Readonly<Record<string, JsonValue>> {
  if (version === 'v4') return { type, jobParams: parameters, ownerUser, ownerGroup, contactEmail };
  const { datasetList = [{ pid, files: [] }], ...others } = parameters;
  return {
    type,
    datasetList,
    jobParams: { ...others, username: ownerUser, ownerGroup },
    emailJobInitiator: contactEmail,
  };
}
