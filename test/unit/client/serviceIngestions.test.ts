import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import type { Connections } from '../../../client/connections/connections.ts';
import { ServiceIngestions } from '../../../client/service/serviceIngestions.ts';

vi.mock('vscode', () => ({
  l10n: { t: (message: string) => message },
  workspace: { isTrusted: true },
  EventEmitter: class {
    readonly #listeners: (() => void)[] = [];
    readonly event = (listener: () => void) => void this.#listeners.push(listener);
    fire(): void {
      for (const listener of this.#listeners) listener();
    }
  },
}));

const job = { id: '7', status: 'done', running: false, dataFile: '/d/a.nxs', steps: [], problems: [], can: [] };

it('lists nothing of a service any more once its account has signed out', async () => {
  const server = createServer((request, response) => {
    if (request.headers.authorization === undefined) response.writeHead(401).end('{}');
    else response.writeHead(200).write(`event: job\ndata: ${JSON.stringify(job)}\n\n`);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let token: string | undefined = 'ada.secret';
  let signedOut = (): void => undefined;
  const connections = {
    all: [{ name: 'Beamline', kind: 'service', address }],
    accountAt: () => Promise.resolve(token === undefined ? undefined : { token }),
    onDidChange: (listener: () => void) => {
      signedOut = listener;
      return { dispose: () => undefined };
    },
  } as unknown as Connections;
  const ingestions = new ServiceIngestions(connections);
  const watching = ingestions.watch();
  const files = () => ingestions.all.map(({ file }) => file);
  await vi.waitUntil(() => files().length > 0, { timeout: 20_000 });
  expect(files()).toEqual(['/d/a.nxs']);
  token = undefined;
  signedOut();
  await vi.waitUntil(() => files().length === 0, { timeout: 20_000 });
  watching.dispose();
  server.closeAllConnections();
  server.close();
});
