import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox, SandboxAccount } from '../../sandbox/sandbox.ts';

/**
 * Replays exchanges that were recorded with a real SciCat against the sandbox, in order: same status, same content
 * type, same body. What differs from run to run (ids, times, tokens) is compared by its presence only.
 */
interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly as: string | null;
    readonly body: unknown;
  };
  readonly response: { readonly status: number; readonly contentType: string | null; readonly body: unknown };
}

/** The recordings lie beside the checkout, if at all. */
const file = fileURLToPath(new URL('../../../shared/reference/scicat-http.json', import.meta.url));
const exchanges = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Exchange[]) : [];

/** Not reproduced, and why. */
const leftOut: Readonly<Record<string, string>> = {
  'metadata keys': 'the index of metadata keys serves the search page of the web site; no ingestor asks for it',
};

const accounts: SandboxAccount[] = [
  account('admin', 'admin', []),
  account('datasetIngestor', 'privileged', ['datasetIngestor']),
  account('proposalIngestor', 'create', ['proposalIngestor']),
  account('sampleIngestor', 'create', ['sampleIngestor']),
  { ...account('user1', 'create', ['group1']), email: 'user1@your.site' },
];

function account(username: string, profile: SandboxAccount['profile'], groups: string[]): SandboxAccount {
  return { username, profile, groups, password: 'right', email: `${username.toLowerCase()}@scicat.project` };
}

/** The recording of a large body says only what it was. */
const bigBodies: Readonly<Record<string, number>> = { '(20,000 files, 276)': 20_000, '(100,000 files)': 100_000 };

function largeBlock(count: number): unknown {
  const chk = 'ab'.repeat(64);
  const dataFileList = Array.from({ length: count }, (_, index) => ({
    path: `frames/${String(index).padStart(6, '0')}.tif`,
    size: 1,
    time: '2025-01-20T12:00:00.000Z',
    chk,
  }));
  return {
    datasetId: '20.500.12269/0b1ea9a0-0000-4000-8000-000000000001',
    size: count,
    chkAlg: 'blake2b',
    dataFileList,
  };
}

const volatile = new Set([
  '_id', 'id', 'userId', 'access_token', 'created', 'createdAt', 'updatedAt', 'dateOfDiskPurging', 'publishedOn', 'archiveRetentionTime', 'dateOfPublishing',
]); // prettier-ignore

/** Units converted by SciCat are not computed by the sandbox. */
const notComputed = new Set(['valueSI', 'unitSI']);

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const fixed = '20.500.12269/0b1ea9a0';

/** What must be equal: refusals of v3 datasets as the list that their text holds, generated ids by their form. */
function comparable(value: unknown, key = ''): unknown {
  if (volatile.has(key)) return `<${key}>`;
  if (Array.isArray(value)) return value.map((item) => comparable(item));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([name]) => !notComputed.has(name));
    return Object.fromEntries(entries.map(([name, item]) => [name, comparable(item, name)]));
  }
  if (typeof value !== 'string') return value;
  if (key === 'message' && value.startsWith('[{')) return comparable(JSON.parse(value));
  // The wording is that of the JavaScript engine.
  if (key === 'message' && value.includes(' in JSON at position ')) return '<not JSON>';
  return value.startsWith(fixed) ? value : value.replace(uuid, '<uuid>');
}

describe.skipIf(exchanges.length === 0)(
  'exchanges recorded with a real SciCat (skipped without the recordings)',
  () => {
    let sandbox: Sandbox;

    beforeAll(async () => {
      sandbox = await startSandbox({ accounts, seeded: false });
    });
    afterAll(() => sandbox.close());

    const replayed = exchanges.filter(({ name }) => !(name in leftOut));

    it(`replays ${replayed.length} of ${exchanges.length}`, () => {
      expect(Object.keys(leftOut).every((name) => exchanges.some((exchange) => exchange.name === name))).toBe(true);
      expect(replayed.length).toBe(exchanges.length - 1);
    });

    it.each(replayed)('$name', async ({ request, response }) => {
      const token =
        request.as === null ? undefined : request.as === 'garbage' ? 'garbage' : sandbox.tokenOf(request.as);
      const answer = await fetch(`${sandbox.url}${request.path}`, {
        method: request.method,
        headers: {
          ...(request.body !== null && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: bodyOf(request.body, response.status),
      });
      expect(answer.status).toBe(response.status);
      expect(answer.headers.get('content-type')).toBe(response.contentType);
      const body: unknown = JSON.parse(await answer.text());
      if (response.body === '(echo)') {
        expect(body).toMatchObject({ size: 20_000 });
        expect((body as { dataFileList: unknown[] }).dataFileList).toHaveLength(20_000);
      } else {
        expect(comparable(body)).toEqual(comparable(response.body));
      }
    });
  },
);

function bodyOf(body: unknown, status: number): string | null {
  if (body === null) return null;
  if (typeof body === 'string') {
    const files = bigBodies[body];
    return files === undefined ? body : JSON.stringify(largeBlock(files));
  }
  const password = status === 401 ? 'wrong' : 'right';
  return JSON.stringify(body).replaceAll('<password>', password);
}
