import type { CancellationToken, ResponseError } from 'vscode-languageserver';
import { NexusError } from '../../core/nexus/model.ts';
import type { NexusEntry, NexusFile } from '../../core/nexus/model.ts';
import { cancelled, refused, signalOf } from '../context.ts';
import type { ServerContext } from '../context.ts';
import { findNodes } from '../../core/nexus/walk.ts';
import { nexusChild } from '../explain/nexusText.ts';
import type { NexusChild, NexusSearchParameters, NexusSearchResult } from '../protocol.ts';

/** How long a search goes on, in milliseconds: a file of a million objects takes longer, and the answer says so. */
const budget = 8000;

/** Looks through a NeXus file for objects by a part of their path, level by level. */
export function nexusSearch(server: ServerContext) {
  return async (
    { file: path, text, limit }: NexusSearchParameters,
    token: CancellationToken,
  ): Promise<NexusSearchResult | ResponseError> => {
    if (!server.samples.trusted) return refused('The workspace is not trusted, so NeXus files are not read.');
    const end = performance.now() + budget;
    try {
      const file = await server.evaluations.openFor(path, signalOf(token));
      const { found, searched, complete } = await findNodes(file, text, limit, () => performance.now() > end);
      return { found: await described(file, found), searched, complete };
    } catch (error) {
      if (token.isCancellationRequested) return cancelled();
      if (error instanceof NexusError) return refused(error.message);
      throw error;
    }
  };
}

/** What was found, with all that is to be shown of it. */
async function described(file: NexusFile, found: readonly NexusEntry[]): Promise<NexusChild[]> {
  return Promise.all(
    found.map(async ({ path }) => {
      try {
        return await nexusChild(file, await file.describe(path));
      } catch (error) {
        if (!(error instanceof NexusError)) throw error;
        return { name: path.slice(path.lastIndexOf('/') + 1), path, kind: 'broken', message: error.message };
      }
    }),
  );
}
