import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { prepareIngestion } from '../../ingest/prepare.ts';
import type { IngestionRequest } from '../../ingest/prepare.ts';
import { ScicatError } from '../../scicat/errors.ts';
import type { ScicatClient } from '../../scicat/client.ts';

/**
 * Takes the dataset that a file has in a sandbox out of it, with its lists of files, if the file could then be ingested.
 * @returns what was done; an error where the ingestion must not begin
 */
export async function removeForReplacing(
  request: IngestionRequest & { readonly client: ScicatClient },
): Promise<readonly Problem[]> {
  const { existing, incomplete } = await prepareIngestion(request);
  const pid = existing?.pid ?? incomplete?.pid;
  // What it cannot be ingested for is told by the ingestion itself.
  if (pid === undefined) return [];
  const { verdict, problems } = await prepareIngestion({ ...request, isKnown: true });
  const wrong = problems.filter(({ code, severity }) => severity === 'error' || code === 'scicat-refuses');
  if (verdict !== 'ready' || wrong.length > 0) {
    const message = `The dataset ${pid} stays as it is, because the file could not be ingested again.`;
    return [...wrong, problem('not-replaced', message)];
  }
  try {
    const lists = await request.client.removeFromSandbox(pid);
    if (lists === undefined) {
      const message = `${request.config.scicat.host} is no sandbox, so that the dataset ${pid} is not removed there. “imsc update” changes it.`;
      return [problem('not-replaced', message)];
    }
    const message = `The dataset ${pid} was removed from the sandbox first, with ${lists === 1 ? 'its list' : `its ${lists} lists`} of files.`;
    return [problem('replaced', message)];
  } catch (error) {
    if (!(error instanceof ScicatError) || error.kind === 'cancelled') throw error;
    return [problem('not-replaced', `The dataset ${pid} is not removed: ${error.message}`)];
  }
}
