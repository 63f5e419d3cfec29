import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { rewrite } from '../files/durableFiles.ts';
import { jsonText, toJsonable } from '../imsc/values/jsonText.ts';
import { dict, string } from '../imsc/values/values.ts';
import type { PreparedIngestion } from '../ingest/prepare.ts';
import type { Problem } from '../problems/problem.ts';
import { isJsonObject, jsonIn } from '../scicat/json.ts';
import type { JsonValue } from '../scicat/json.ts';
import { details } from './job.ts';
import type { JobProblem } from './job.ts';
import type { OpenJob } from './store/openJob.ts';

/** What came of looking into the data without ingesting them. */
export interface Extraction {
  /** The fields of the dataset as far as they are known, as JSON has them. */
  readonly dataset: Readonly<Record<string, JsonValue>>;
  /** Where each of them came from. */
  readonly provenance: Readonly<Record<string, string>>;
  readonly problems: readonly JobProblem[];
}

const fileName = 'metadata.json';

/** Keeps what an extraction found, so that it can be asked for when its process is gone. */
export async function keepExtraction(
  job: OpenJob,
  { dataset }: PreparedIngestion,
  problems: readonly Problem[],
): Promise<void> {
  const folder = path.join(job.folder, 'result');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fields = [...(dataset?.fields ?? [])].map(([name, value]) => [string(name), value] as const);
  const from = Object.entries(dataset?.provenance ?? {}).map(([field, origin]) => [field, origin.from]);
  // Numbers keep their kind: 300.0 stays 300.0.
  const text = `{"dataset":${jsonText(toJsonable(dict(fields)))},"provenance":${JSON.stringify(Object.fromEntries(from))},"problems":${JSON.stringify(details(problems))}}`;
  await rewrite(path.join(folder, fileName), text);
}

/** What an extraction found. @param folder that of the job @returns undefined before it has */
export async function readExtraction(folder: string): Promise<Extraction | undefined> {
  const text = await readFile(path.join(folder, 'result', fileName), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const found = jsonIn(text);
  return isExtraction(found) ? found : undefined;
}

function isExtraction(value: unknown): value is Extraction {
  return isJsonObject(value) && 'dataset' in value && 'provenance' in value && 'problems' in value;
}
