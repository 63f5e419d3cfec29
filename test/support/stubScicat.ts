import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A canned answer of a recorded case: the exact text to send, and its status. */
export interface CannedAnswer {
  readonly status: number;
  readonly body: string;
}

export interface StubScicat {
  /** Origin, e.g. `http://127.0.0.1:1234`. */
  readonly origin: string;
  /** What was asked since the last `answer`, as `METHOD target`. */
  readonly requests: readonly string[];
  /** Answers what the case says, from now on; keys are `METHOD target`, below /api/v3/. */
  answer(canned: Readonly<Record<string, CannedAnswer>>): void;
  close(): Promise<void>;
}

/** A server that answers as the recorded cases were answered; see README.md. */
export async function startStubScicat(): Promise<StubScicat> {
  let answers: Readonly<Record<string, CannedAnswer>> = {};
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = 'GET', url = '/' } = request;
      const target = url.startsWith('/api/v3/') ? url.slice('/api/v3/'.length) : url;
      requests.push(`${method} ${target}`);
      const canned = answers[`${method} ${target}`] ?? answers[`${method} ${target.split('?')[0] ?? ''}`];
      const [status, body] = canned
        ? [canned.status, canned.body]
        : method === 'GET'
          ? [404, '{"message":"Not Found","statusCode":404}']
          : [201, echo(Buffer.concat(chunks).toString('utf8'), target)];
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    answer: (canned) => {
      answers = canned;
      requests.length = 0;
    },
    close: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  };
}

function echo(text: string, target: string): string {
  const body = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify({ pid: 'generated-by-stub', ...body, _id: `stub-${target.replace(/^\//, '')}` });
}
