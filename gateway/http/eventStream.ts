import type { GatewayContext } from './environment.ts';

export interface StreamEvent {
  readonly event?: string;
  readonly data: string;
  readonly id?: string;
}

/** So often a comment is sent, so that nobody on the way takes the connection for dead. */
const commentMs = 15_000;

/**
 * An answer of events as they happen (text/event-stream), until there are no more, the client goes or the service ends.
 * @param follow gives the events; its signal is aborted when nobody follows them any more
 */
export function eventStream(
  { env }: GatewayContext,
  ending: AbortSignal,
  follow: (signal: AbortSignal) => AsyncGenerator<StreamEvent, void>,
): Response {
  const gone = new AbortController();
  const leave = (): void => {
    gone.abort();
  };
  ending.addEventListener('abort', leave, { once: true });
  env.outgoing?.once('close', leave);
  const encoder = new TextEncoder();
  let comments: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      comments = setInterval(() => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(':\n\n'));
      }, commentMs);
      try {
        for await (const event of follow(gone.signal)) {
          if (!gone.signal.aborted) controller.enqueue(encoder.encode(written(event)));
        }
      } finally {
        clearInterval(comments);
        ending.removeEventListener('abort', leave);
        if (!gone.signal.aborted || ending.aborted) controller.close();
      }
    },
    cancel: leave,
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } });
}

function written({ event, data, id }: StreamEvent): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${event === undefined ? '' : `event: ${event}\n`}${id === undefined ? '' : `id: ${id}\n`}${lines.join('')}\n`;
}
