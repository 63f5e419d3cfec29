import type { Value } from '../imsc/values.ts';
import type { ScicatClient } from '../scicat/client.ts';
import { datasetForVersion, needsV4 } from '../scicat/datasetForVersion.ts';
import type { ApiVersion, Misfit, ValueForm } from '../scicat/datasetForVersion.ts';
import type { Dataset } from './dataset.ts';

const valueForm: ValueForm<Value> = {
  items: (value) => (value.kind === 'list' ? value.items : undefined),
  text: (value) => (value.kind === 'string' ? value.value : undefined),
  list: (items) => ({ kind: 'list', items }),
  fromText: (text) => ({ kind: 'string', value: text }),
};

/** The dataset in the field names and shapes of the version of the API that it will be sent to; v3 where nobody can be asked. */
export async function forCatalogue(
  { fields }: Dataset,
  client: ScicatClient | undefined,
): Promise<{
  readonly fields: ReadonlyMap<string, Value>;
  readonly misfits: readonly Misfit[];
  readonly version: ApiVersion;
}> {
  const version = client ? await client.datasetVersion(needsV4(fields, valueForm)) : 'v3';
  return { ...datasetForVersion(fields, version, valueForm), version };
}
