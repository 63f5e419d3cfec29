import { jsonText, toJsonable } from '../imsc/values/jsonText.ts';
import { dict, string } from '../imsc/values/values.ts';
import type { PreparedIngestion } from '../ingest/prepare.ts';
import type { Problem } from '../problems/problem.ts';
import { isJsonObject, jsonIn } from '../scicat/json.ts';
import type { JsonValue } from '../scicat/json.ts';
import { details } from './job.ts';
import type { JobProblem } from './job.ts';
import type { JobStore } from './store/jobStore.ts';
import type { OpenJob } from './store/openJob.ts';

/** What came of looking into the data without ingesting them. */
export interface Extraction {
  /** The fields of the dataset as far as they are known, as JSON has them. */
  readonly dataset: Readonly<Record<string, JsonValue>>;
  /** Where each of them came from. */
  readonly provenance: Readonly<Record<string, string>>;
  readonly problems: readonly JobProblem[];
}

const page = 'result/metadata.json';

/** Keeps what an extraction found, so that it can be asked for when its process is gone. */
export async function keepExtraction(
  job: OpenJob,
  { dataset }: PreparedIngestion,
  problems: readonly Problem[],
): Promise<void> {
  const fields = [...(dataset?.fields ?? [])].map(([name, value]) => [string(name), value] as const);
  const from = Object.entries(dataset?.provenance ?? {}).map(([field, origin]) => [field, origin.from]);
  // Numbers keep their kind: 300.0 stays 300.0.
  const text = `{"dataset":${jsonText(toJsonable(dict(fields)))},"provenance":${JSON.stringify(Object.fromEntries(from))},"problems":${JSON.stringify(details(problems))}}`;
  await job.write({ pages: { [page]: text } });
}

/** What an extraction found. @returns undefined before it has */
export async function readExtraction(store: JobStore, id: string): Promise<Extraction | undefined> {
  const text = (await store.pages(id, page))[page];
  if (text === undefined) return undefined;
  const found = jsonIn(text);
  return isExtraction(found) ? found : undefined;
}

function isExtraction(value: unknown): value is Extraction {
  return isJsonObject(value) && 'dataset' in value && 'provenance' in value && 'problems' in value;
}
