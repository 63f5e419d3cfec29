import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Schema } from '../../imsc/schema/schema.ts';
import { ReadFailure } from '../../imsc/evaluation/readers.ts';
import type { CatalogueReader, DataReader } from '../../imsc/evaluation/readers.ts';
import type { Value } from '../../imsc/values/values.ts';
import { sampleFilter } from '../../scicat/client.ts';
import { NotKnown } from '../../imsc/evaluation/readers.ts';
import type { Unavailable } from '../../imsc/evaluation/readers.ts';

/** Samples for a dataset, each id once; ids are text or numbers, as SciCat has them. */
export interface SampleQuery {
  readonly sampleIds: readonly Value[];
  readonly problems: readonly Problem[];
  /** Why SciCat was not heard, where it was to be asked. */
  readonly unanswered?: string;
}

/**
 * Carries out the schema's `sample_attachment`: the samples in SciCat whose name or description is the sample name
 * in the file and whose proposal is the file's. Without a name or a proposal nothing is asked.
 *
 * The Python ingestor crashes on every schema with this section; this does what it was meant to do.
 */
export async function querySamples(
  schema: Schema,
  data: DataReader | Unavailable,
  catalogue: CatalogueReader | Unavailable,
): Promise<SampleQuery> {
  const attachment = schema.sampleAttachment;
  if (!attachment?.querySampleName || 'unavailable' in data || 'unavailable' in catalogue)
    return { sampleIds: [], problems: [] };
  const range = schema.general.get('sample_attachment')?.key.range;
  const problems: Problem[] = [];
  const read = async (what: string, path: string): Promise<string | undefined> => {
    try {
      const { value } = await data.read(path, 'string');
      if (value.kind !== 'string') return undefined;
      if (value.value.trim() !== '') return value.value;
      // Samples without a description would be found by an empty one.
      problems.push(problem('sample-query', `No ${what} to look for samples with: ${path} is empty.`, range));
      return undefined;
    } catch (error) {
      if (!(error instanceof ReadFailure)) throw error;
      const message = `No ${what} to look for samples with: ${error.message}`;
      // Another time there may be one, and nobody would see that the dataset lacks its samples.
      const failed =
        error.code === 'reader-failed'
          ? problem('sample-query', `${message} Nothing is sent: try again.`, range, { severity: 'error' })
          : problem('sample-query', message, range);
      problems.push(failed);
      return undefined;
    }
  };
  const name = await read('sample name', attachment.sampleNamePath);
  const proposal = await read('proposal', attachment.proposalIdPath);
  if (name === undefined || proposal === undefined) return { sampleIds: [], problems };
  try {
    const filter = encodeURIComponent(sampleFilter(name, proposal));
    const { answer } = await catalogue.get(`samples?filter=${filter}`);
    return { sampleIds: idsIn(answer), problems };
  } catch (error) {
    if (error instanceof NotKnown) return { sampleIds: [], problems, unanswered: error.message };
    if (!(error instanceof ReadFailure)) throw error;
    // An account without the right to look for samples can ingest all the same.
    const isRefused = error.code === 'scicat-forbidden';
    const without = isRefused ? ' The dataset is made without them.' : '';
    const message = `The samples could not be looked up: ${error.message}${without}`;
    const failed = problem('sample-query', message, range, isRefused ? {} : { severity: 'error' });
    return { sampleIds: [], problems: [...problems, failed] };
  }
}

/** `sampleId` of each object in a list; empty ones and anything else are passed over. */
function idsIn(answer: Value): Value[] {
  const ids = new Map<string, Value>();
  for (const item of answer.kind === 'list' ? answer.items : []) {
    if (item.kind !== 'dict') continue;
    const id = item.entries.find(([key]) => key.kind === 'string' && key.value === 'sampleId')?.[1];
    if ((id?.kind === 'string' && id.value !== '') || id?.kind === 'integer') ids.set(`${id.kind} ${id.value}`, id);
  }
  return [...ids.values()];
}
