import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { startImsc } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const folder = mkdtempSync(path.join(tmpdir(), 'imsc-secrets-'));

const opaqueToken = 'SESAME-opens-4711-the-door';
const headers = { 'x-api-key': 'OPEN-9c5a31-HEADER', authorization: 'Basic T1BFTi1iYXNpYy1zZWNyZXQ=' };

/** An answer that gives away what it was asked with, in each form that such an answer can have. */
type Echo = (secrets: string) => readonly [status: number, type: string, body: string];
const json = 'application/json';
const echoes: Readonly<Record<string, Echo>> = {
  '401': (said) => [401, json, JSON.stringify({ message: `No: ${said}`, error: 'Unauthorized', statusCode: 401 })],
  '403 as a list': (said) => [
    403,
    json,
    JSON.stringify({ message: [`ownerGroup must not be ${said}`], statusCode: 403 }),
  ],
  '400 in text': (said) => [400, json, JSON.stringify({ status: 400, message: JSON.stringify([{ property: 'owner', constraints: { a: said } }]) })], // prettier-ignore
  '500 as text': (said) => [500, json, JSON.stringify(`Internal ${said}`)],
  '502 as a page': (said) => [502, 'text/html', `<html><title>${said}</title></html>`],
  '500, long': (said) => [500, 'text/plain', `${'.'.repeat(485)}${said}`],
  '200 as a page': (said) => [200, 'text/html', `<html><h1>${said}</h1></html>`],
  '302': (said) => [302, json, said],
  '409 escaped': (said) => [409, json, JSON.stringify({ message: encodeURIComponent(said) })],
};

let sandbox: Sandbox;
let server: Server;
let host: string;
/** What the server does instead of passing requests on, and from which write on. */
let echo: { readonly from: number; readonly answer: Echo } | undefined;
let writes = 0;
const urls: string[] = [];
const commandLines = new Set<string>();
let child: number | undefined;

function handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
  // Where a server leads to is its own affair.
  if (!incoming.url?.startsWith('/login')) urls.push(incoming.url ?? '');
  if (child !== undefined) commandLines.add(readFileSync(`/proc/${child}/cmdline`, 'utf8'));
  if (incoming.method === 'POST') writes += 1;
  if (echo && writes >= echo.from) {
    const said = [incoming.headers.authorization, incoming.headers['x-api-key']].join(' ');
    const [status, type, body] = echo.answer(said);
    const location = status === 302 ? { location: `/login?token=${encodeURIComponent(said)}` } : {};
    outgoing.writeHead(status, { 'content-type': type, ...location }).end(body);
    incoming.resume();
    return;
  }
  const target = new URL(sandbox.baseUrl);
  const forwarded = request(
    {
      host: target.hostname,
      port: target.port,
      path: incoming.url,
      method: incoming.method,
      headers: incoming.headers,
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    },
  );
  incoming.pipe(forwarded);
}

beforeAll(async () => {
  sandbox = await startSandbox();
  server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`;
  cpSync(samples, folder, { recursive: true });
  rmSync(path.join(folder, 'data/coda/2025/443604/ingestor'), { recursive: true, force: true });
  const config = readFileSync(path.join(samples, 'config.yml'), 'utf8');
  const lines = Object.entries(headers).map(([name, value]) => `    ${name}: ${value}`);
  mkdirSync(path.join(folder, 'given'));
  const withHeaders = config.replace(
    /^scicat:\n/m,
    `scicat:\n  additional_headers:\n${lines.join('\n')}\n  max_tries: 1\n`,
  );
  writeFileSync(path.join(folder, 'given/config.yml'), withHeaders);
  writeFileSync(path.join(folder, 'given/broken.yml'), `scicat:\n  token: ${opaqueToken}: ]\n  host: [\n`);
  writeFileSync(path.join(folder, 'given/token.txt'), opaqueToken);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that the runs printed. */
const printed: string[] = [];

async function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number | null> {
  writes = 0;
  const running = startImsc(args, { IMSC_JOURNAL_DIR: path.join(folder, 'journal'), ...env }, folder);
  child = running.child.pid;
  const { stdout, stderr, code } = await running.finished;
  child = undefined;
  printed.push(stdout, stderr);
  return code;
}

function filesIn(root: string): string[] {
  return readdirSync(root).flatMap((name) => {
    const file = path.join(root, name);
    return statSync(file).isDirectory() ? filesIn(file) : [file];
  });
}

test('no token or secret header is in anything that a run writes, prints or is started with', async () => {
  const settings = ['-c', 'given/config.yml', '--scicat.host', host];
  const ingest = ['ingest', ...settings, '-v', '--nexus-file', 'data/coda/2025/443604/raw/443604_00001017.nxs'];
  const tokenFile = ['--scicat.token-file', 'given/token.txt'];
  const resume = ['resume', '-c', 'given/config.yml', '-v'];
  const signedIn = { SCICAT_TOKEN: sandbox.token };

  // Each failure at the first question, at the dataset and at the list of files, and on resuming.
  for (const answer of Object.values(echoes)) {
    for (const from of [0, 1]) {
      echo = { from, answer };
      await run([...ingest, ...(from === 0 ? ['--json'] : [])], { SCICAT_TOKEN: opaqueToken });
    }
  }
  echo = { from: 2, answer: echoes['401'] ?? (() => [401, json, '']) };
  expect(await run([...ingest, '--json'], signedIn)).toBe(1);
  for (const answer of Object.values(echoes)) {
    echo = { from: 0, answer };
    await run([...resume, ...tokenFile], {});
  }
  await run(['whoami', ...settings, ...tokenFile, '--json'], {});
  echo = undefined;
  expect(await run([...resume, '--json'], signedIn)).toBe(0);
  expect(await run([...ingest, '--json'], signedIn)).toBe(0);
  expect(await run(['dry-run', ...ingest.slice(1), '--json'], signedIn)).toBe(0);
  expect(await run(['whoami', ...settings], signedIn)).toBe(0);
  await run(['ingest', '-c', 'given/broken.yml', '--nexus-file', 'x.nxs'], {});
  await run([...ingest, '--scicat.host', host.replace('//', `//user:${opaqueToken}@`)], signedIn);

  const output = printed.join('\n');
  expect(output).toContain('***');
  const written = filesIn(folder).filter((file) => !file.startsWith(path.join(folder, 'given')));
  // The header, the plan and the steps of a run.
  expect(written.filter((file) => file.includes('journal')).length).toBeGreaterThanOrEqual(3);
  expect(commandLines.size).toBeGreaterThan(3);
  const places = [
    ['output', output],
    ['addresses', urls.join('\n')],
    ['command lines', [...commandLines].join('\n')],
    ...written.map((file) => [file, readFileSync(file, 'latin1')]),
  ];
  const [, payload = '', signature = ''] = sandbox.token.split('.');
  const secrets = [opaqueToken, payload.slice(0, 40), signature, headers['x-api-key'], headers.authorization.slice(6)];
  // Also in another spelling, and the beginning of one.
  const needles = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').slice(0, 12),
    secret.slice(0, 10),
  ]);
  for (const [place, text] of places) {
    const found = needles.filter((needle) => text?.includes(needle));
    expect(found, place).toEqual([]);
  }
  expect(output).not.toMatch(/^ +at /m);
});
