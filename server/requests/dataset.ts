import { jsonText } from '../../core/imsc/values/jsonText.ts';
import { dict, string } from '../../core/imsc/values/values.ts';
import { buildDataset } from '../../core/ingest/dataset/dataset.ts';
import { wholeSchema } from '../context.ts';
import { positionOf } from '../documents/importedText.ts';
import type { ServerContext } from '../context.ts';
import type { DatasetData } from '../protocol.ts';

/** Stands for the pid that is made anew for each ingestion. */
const madeLater = '(made when it is ingested)';

/** The dataset that an open schema makes of its sample, and what is wrong with it: built as an ingestion builds it. */
export function datasetData(server: ServerContext) {
  return async ({ uri }: { readonly uri: string }): Promise<DatasetData | null> => {
    const snapshot = await wholeSchema(server, uri);
    if (!snapshot) return null;
    const evaluated = await server.evaluations.of(snapshot);
    if (!evaluated) return datasetData(server)({ uri });
    const dataset = buildDataset(evaluated.evaluation, await server.configs.orDefaults(uri), [], () => madeLater);
    const fields = dict([...dataset.fields].map(([name, value]) => [string(name), value]));
    return {
      version: snapshot.version,
      json: jsonText(fields, 2),
      problems: dataset.problems.map(({ severity, message, range }) => ({
        severity,
        message,
        ...(range && { position: positionOf(snapshot, range) }),
      })),
    };
  };
}
