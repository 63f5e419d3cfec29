import type { ResponseError } from 'vscode-languageserver';
import { NexusError } from '../../core/nexus/model.ts';
import { refused } from '../context.ts';
import type { ServerContext } from '../context.ts';
import { nexusChild } from '../explain/nexusText.ts';
import type { NexusChildren, NexusChildrenParameters } from '../protocol.ts';

/** A page of what is in a group of a NeXus file. */
export function nexusChildren(server: ServerContext) {
  return async ({
    file: path,
    path: group,
    offset,
    limit,
  }: NexusChildrenParameters): Promise<NexusChildren | ResponseError> => {
    if (!server.samples.trusted) return refused('The workspace is not trusted, so NeXus files are not read.');
    try {
      const file = await server.evaluations.open(path);
      const { total, nodes } = await file.children(group, { offset, limit });
      const children = await Promise.all(nodes.map((node) => nexusChild(file, node)));
      return { total, children };
    } catch (error) {
      if (error instanceof NexusError) return refused(error.message);
      throw error;
    }
  };
}
