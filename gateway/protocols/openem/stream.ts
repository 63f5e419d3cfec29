import type { Job } from '../../../core/jobs/jobs.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import type { Services } from '../../protocol.ts';
import { eventStream } from '../../http/eventStream.ts';
import type { StreamEvent } from '../../http/eventStream.ts';
import { extractionOf, outcomeOf, percentOf } from './extractions.ts';
import type { Followers } from './extractions.ts';

/**
 * The extraction of a folder as it goes on. The page shows nothing of an answer that has another status, nor of an event
 * called `error`: whatever is wrong is told by an event of progress.
 */
export function streamExtraction(services: Services, followers: Followers, context: GatewayContext): Response {
  const { filePath = '', methodName = '', extractorName = methodName } = context.req.query();
  const owner = context.get('account').name;
  return eventStream(context, services.ending, (signal) =>
    events(services, followers, { owner, filePath, methodName: extractorName }, signal),
  );
}

interface Asked {
  readonly owner: string;
  readonly filePath: string;
  readonly methodName: string;
}

async function* events(
  services: Services,
  followers: Followers,
  { owner, filePath, methodName }: Asked,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent, void> {
  let job: Job;
  try {
    job = await extractionOf(services, owner, filePath, methodName);
  } catch (error) {
    if (!(error instanceof HttpRefusal)) throw error;
    yield progress({ std_out: 'Progress: 0 %', std_err: error.message, err: error.message });
    return;
  }
  followers.add(job.id);
  let last = job;
  let isAlone = false;
  try {
    yield { event: 'message', data: `Extraction of ${filePath} is queued` };
    let hasStarted = false;
    let told = '';
    for await (const { job: now } of services.jobs.watch(job.id, signal)) {
      last = now;
      if (!hasStarted && percentOf(now) > 0) {
        hasStarted = true;
        yield { event: 'message', data: 'Started' };
      }
      const text = `Progress: ${percentOf(now)} %`;
      if (text !== told && now.status !== 'done') yield progress({ std_out: text, std_err: '' });
      told = text;
    }
  } finally {
    isAlone = followers.remove(job.id);
  }
  if (signal.aborted) {
    // Whoever asks again begins it anew.
    const isOpen = last.status === 'deposited' || last.status === 'verified';
    if (isOpen && isAlone && !services.ending.aborted) await services.jobs.cancel(job.id);
    return;
  }
  const outcome = await outcomeOf(services, last);
  yield 'failed' in outcome
    ? progress({ std_out: `Progress: ${percentOf(last)} %`, std_err: outcome.failed, err: outcome.failed })
    : progress({ std_out: 'Progress: 100 %', std_err: outcome.notes, result: JSON.stringify(outcome.result) });
}

function progress(body: Readonly<Record<string, string>>): StreamEvent {
  return { event: 'progress', data: Buffer.from(JSON.stringify(body)).toString('base64') };
}
