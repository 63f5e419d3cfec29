import type { Value } from '../../imsc/values/values.ts';
import type { ScicatClient } from '../../scicat/client.ts';
import { datasetForVersion, datasetKind, needsV4 } from '../../scicat/datasetForVersion.ts';
import type { ApiVersion, Misfit, ValueForm } from '../../scicat/datasetForVersion.ts';
import type { DatasetKind } from '../../scicat/scicatDatasetSchema.ts';
import type { Dataset } from './dataset.ts';

const valueForm: ValueForm<Value> = {
  items: (value) => (value.kind === 'list' ? value.items : undefined),
  text: (value) => (value.kind === 'string' ? value.value : undefined),
  list: (items) => ({ kind: 'list', items }),
  fromText: (text) => ({ kind: 'string', value: text }),
};

/** A dataset as it is sent. */
export interface SentDataset {
  readonly fields: ReadonlyMap<string, Value>;
  readonly misfits: readonly Misfit[];
  readonly version: ApiVersion;
  /** The rules that SciCat applies to it. */
  readonly kind: DatasetKind;
}

/**
 * The dataset in the field names and shapes of the version of the API that it will be sent to.
 * @param apiVersion as the configuration has it; it decides where nobody can be asked
 */
export async function forCatalogue(
  { fields }: Dataset,
  client: ScicatClient | undefined,
  apiVersion: string,
): Promise<SentDataset> {
  const isTooMuch = needsV4(fields, valueForm);
  const assumed = apiVersion === 'v4' || (apiVersion === 'auto' && isTooMuch) ? 'v4' : 'v3';
  const version = client ? await client.datasetVersion(isTooMuch) : assumed;
  const type = fields.get('type');
  const kind = datasetKind(version, type?.kind === 'string' ? type.value : undefined);
  return { ...datasetForVersion(fields, version, valueForm), version, kind };
}
