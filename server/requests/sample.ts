import type { SampleState } from '../protocol.ts';
import type { ServerContext } from '../context.ts';

/** Which sample file a schema is looked at with, and whether it can be read. */
export function sampleState(server: ServerContext) {
  return async ({ uri }: { readonly uri: string }): Promise<SampleState> => {
    const snapshot = server.documents.get(uri);
    if (!snapshot) return { file: null, state: 'none', message: 'The schema is not open.' };
    const evaluated = await server.evaluations.of(snapshot);
    if (evaluated) return evaluated.sample;
    // Superseded by an edit: the newer text has the answer.
    return sampleState(server)({ uri });
  };
}
