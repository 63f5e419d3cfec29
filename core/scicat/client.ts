import { accountCalls } from './accountCalls.ts';
import type { AccountCalls } from './accountCalls.ts';
import { archiveJobCalls } from './archiveJobCalls.ts';
import type { ArchiveJobCalls } from './archiveJobCalls.ts';
import { createConnection } from './connection.ts';
import type { ConnectionOptions } from './connection.ts';
import { datasetReads } from './datasetReads.ts';
import type { DatasetReads } from './datasetReads.ts';
import { datasetWrites } from './datasetWrites.ts';
import type { DatasetWrites } from './datasetWrites.ts';
import { ScicatError } from './errors.ts';
import { jsonIn, textAt } from './json.ts';

export type { Account, SignedIn } from './accountCalls.ts';
export type { DatasetExistence, FoundDataset, StoredDataset } from './datasetReads.ts';
export type { PatchOutcome } from './datasetWrites.ts';
export type ScicatClientOptions = ConnectionOptions;

/** A connection to one SciCat. Every method throws `ScicatError`; only reads are tried again. */
export interface ScicatClient extends AccountCalls, ArchiveJobCalls, DatasetReads, DatasetWrites {
  /** Reads any address: absolute, or relative to the API. The token is sent to SciCat's own origin only. */
  get(url: string): Promise<{ readonly bodyText: string }>;
  /** @param endpoint path below the API, or a whole address */
  health(endpoint?: string): Promise<{ readonly isHealthy: boolean; readonly message: string }>;
  findSamples(name: string, proposalId: string): Promise<readonly { readonly sampleId: string }[]>;
}

/** @param options see `TransportOptions`; the base address ends with `/api/v3` */
export function createScicatClient(options: ScicatClientOptions): ScicatClient {
  const connection = createConnection(options);
  const { addresses, read, readList, transport } = connection;
  return {
    ...accountCalls(connection),
    ...archiveJobCalls(connection),
    ...datasetReads(connection),
    ...datasetWrites(connection),
    get: async (url) => ({ bodyText: (await read(addresses.of(url))).bodyText }),

    async health(path = 'health') {
      const { status, bodyText } = await transport.read(addresses.of(path)).catch((error: unknown) => {
        if (error instanceof ScicatError && error.kind === 'server')
          return { status: error.status ?? 500, bodyText: '' };
        throw error;
      });
      const said = textAt(jsonIn(bodyText), 'status');
      const isHealthy = status < 300 && (said === undefined || said === 'ok');
      return {
        isHealthy,
        message: isHealthy ? 'SciCat is well.' : `SciCat says that it is not well (status ${status}).`,
      };
    },

    async findSamples(name, proposalId) {
      const filter = sampleFilter(name, proposalId);
      const { items } = await readList(
        addresses.of(`${addresses.endpoint('samples')}?filter=${encodeURIComponent(filter)}`),
      );
      return items.flatMap((item) => {
        const sampleId = textAt(item, 'sampleId');
        return sampleId === undefined || sampleId === '' ? [] : [{ sampleId }];
      });
    },
  };
}

/** The filter for the samples of a proposal with this name or this description. */
export function sampleFilter(name: string, proposalId: string): string {
  // Samples that people make have a name since SciCat 5.2, and often no description.
  return JSON.stringify({ where: { proposalId, $or: [{ description: name }, { sampleName: name }] } });
}
