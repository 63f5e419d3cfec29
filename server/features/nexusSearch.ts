import type { CancellationToken, ResponseError } from 'vscode-languageserver';
import { NexusError } from '../../core/nexus/model.ts';
import type { NexusEntry, NexusFile } from '../../core/nexus/model.ts';
import { cancelled, refused } from '../context.ts';
import type { ServerContext } from '../context.ts';
import { nexusChild } from '../nexusText.ts';
import type { NexusChild, NexusSearchParameters, NexusSearchResult } from '../protocol.ts';

/** Objects that are looked at, at most. */
const mostObjects = 50_000;
const pageSize = 500;

/** Looks through a NeXus file for objects by a part of their path, level by level. */
export function nexusSearch(server: ServerContext) {
  return async (
    { file: path, text, limit }: NexusSearchParameters,
    token: CancellationToken,
  ): Promise<NexusSearchResult | ResponseError> => {
    if (!server.samples.trusted) return refused('The workspace is not trusted, so NeXus files are not read.');
    const wanted = text.toLowerCase();
    const found: NexusEntry[] = [];
    const groups = ['/'];
    let seen = 0;
    try {
      const file = await server.evaluations.open(path);
      for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
        for (let offset = 0, total = 1; offset < total; offset += pageSize) {
          if (token.isCancellationRequested) return cancelled();
          const page = await file.childKinds(group, { offset, limit: pageSize });
          total = page.total;
          seen += page.nodes.length;
          for (const node of page.nodes) {
            if (node.path.toLowerCase().includes(wanted)) found.push(node);
            if (node.kind === 'group') groups.push(node.path);
          }
          if (found.length >= limit || seen >= mostObjects) {
            return {
              found: await described(file, found.slice(0, limit)),
              complete: false,
            };
          }
        }
      }
      return { found: await described(file, found), complete: true };
    } catch (error) {
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
