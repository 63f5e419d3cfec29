import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox, SandboxAccount, SandboxOptions } from '../../sandbox/sandbox.ts';

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
    readonly contentType?: string;
  };
  readonly response: { readonly status: number; readonly contentType: string | null; readonly body: unknown };
}

/** The recordings lie beside the checkout, if at all. */
function recorded(name: string): Exchange[] {
  const file = fileURLToPath(new URL(`../../../shared/reference/${name}`, import.meta.url));
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Exchange[]) : [];
}

interface Recording {
  readonly what: string;
  readonly exchanges: readonly Exchange[];
  readonly options: SandboxOptions;
  /** Not reproduced, and why. */
  readonly leftOut: Readonly<Record<string, string>>;
}

const withoutOthers = 'the server of the recording held datasets that the recording does not make';

const recordings: readonly Recording[] = [
  {
    what: 'a SciCat that knows no jobs',
    exchanges: recorded('scicat-http.json'),
    options: {
      accounts: [
        account('admin', 'admin', []),
        account('datasetIngestor', 'privileged', ['datasetIngestor']),
        account('proposalIngestor', 'create', ['proposalIngestor']),
        account('sampleIngestor', 'create', ['sampleIngestor']),
        { ...account('user1', 'create', ['group1']), email: 'user1@your.site' },
      ],
    },
    leftOut: {
      'metadata keys': 'the index of metadata keys serves the search page of the web site; no ingestor asks for it',
    },
  },
  {
    what: 'a SciCat with types of jobs',
    exchanges: recorded('scicat-jobs-http.json'),
    options: {
      accounts: [
        account('admin', 'admin', []),
        { ...account('datasetIngestor', 'privileged', ['datasetIngestor']), jobRights: ['create'] },
        { ...account('archiveManager', 'none', ['archivemanager']), jobRights: ['delete'], keepsLifecycles: true },
        { ...account('user1', 'create', ['group1']), email: 'user1@your.site' },
        { ...account('user2', 'create', ['group2']), email: 'user2@your.site' },
      ],
      jobs: {
        configVersion: 'real-1',
        jobs: [
          {
            jobType: 'archive',
            create: { auth: '#datasetOwner', datasets: { 'datasetlifecycle.archivable': { const: true } } },
            update: { auth: '@archivemanager' },
          },
          {
            jobType: 'retrieve',
            create: { auth: '#datasetOwner', datasets: { 'datasetlifecycle.retrievable': { const: true } } },
            update: { auth: '@archivemanager' },
          },
          { jobType: 'public', create: { auth: '#datasetPublic' }, update: { auth: '#jobAdmin' } },
          {
            jobType: 'needs_param',
            create: { auth: '#datasetOwner', request: { 'jobParams.target': { type: 'string' } } },
            update: { auth: '#jobOwnerUser' },
          },
          { jobType: 'admin_only', create: { auth: '#jobAdmin' }, update: { auth: '#jobAdmin' } },
          { jobType: 'open', create: { auth: '#all' }, update: { auth: '#jobAdmin' } },
        ],
      },
    },
    leftOut: {
      'v4 datasets, default': withoutOthers,
      'v4 datasets, sort': withoutOthers,
      'v4 count': withoutOthers,
      'v4 findOne none': 'the same empty answer, to which the HTTP library of the sandbox adds a content type',
      'v4 published data create': 'publishing is done on the web site; no ingestor does it',
    },
  },
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

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const fixed = '20.500.12269/0b1ea9a0';

/** What must be equal: refusals of v3 datasets as the list that their text holds, generated ids by their form. */
function comparable(value: unknown, key = ''): unknown {
  if (volatile.has(key)) return `<${key}>`;
  if (Array.isArray(value)) return value.map((item) => comparable(item));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    // When a job was made stands there under a name that datasets have for something else.
    const isTime = (name: string): boolean => name === 'creationTime' && 'jobStatusMessage' in value;
    return Object.fromEntries(
      entries.map(([name, item]) => [name, isTime(name) ? `<${name}>` : comparable(item, name)]),
    );
  }
  if (typeof value !== 'string') return value;
  if (key === 'message' && value.startsWith('[{')) return comparable(JSON.parse(value));
  // The wording is that of the JavaScript engine.
  if (key === 'message' && value.includes(' in JSON at position ')) return '<not JSON>';
  return value.startsWith(fixed) ? value : value.replace(uuid, '<uuid>');
}

describe.each(recordings)(
  'exchanges recorded with $what (skipped without the recordings)',
  ({ exchanges, options, leftOut }) => {
    let sandbox: Sandbox;
    /** Ids that were made in the recording, by ours. */
    const ids = new Map<string, string>();

    beforeAll(async () => {
      sandbox = await startSandbox({ ...options, seeded: false });
    });
    afterAll(() => sandbox.close());

    const replayed = exchanges.filter(({ name }) => !(name in leftOut));

    it.skipIf(exchanges.length === 0)(`replays ${replayed.length} of ${exchanges.length}`, () => {
      expect(Object.keys(leftOut).every((name) => exchanges.some((exchange) => exchange.name === name))).toBe(true);
      expect(replayed.length).toBe(exchanges.length - Object.keys(leftOut).length);
    });

    it.skipIf(exchanges.length === 0).each(replayed)('$name', async ({ request, response }) => {
      const token =
        request.as === null || request.as === ''
          ? undefined
          : request.as === 'garbage'
            ? 'garbage'
            : sandbox.tokenOf(request.as);
      const sent = request.body ?? null;
      const path = request.path.replace(uuid, (id) => ids.get(id) ?? id);
      const answer = await fetch(`${sandbox.url}${path}`, {
        method: request.method,
        headers: {
          ...(sent !== null && { 'content-type': request.contentType ?? 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: bodyOf(sent, response.status),
      });
      expect(answer.status).toBe(response.status);
      expect(answer.headers.get('content-type')).toBe(response.contentType);
      const text = await answer.text();
      const body: unknown = text === '' ? '' : JSON.parse(text);
      const made = (value: unknown): string | undefined => (value as { readonly id?: string } | undefined)?.id;
      const [theirs, ours] = [made(response.body), made(body)];
      if (theirs !== undefined && ours !== undefined) ids.set(theirs, ours);
      if (response.body === '(echo)') {
        expect(body).toMatchObject({ size: 20_000 });
        expect((body as { dataFileList: unknown[] }).dataFileList).toHaveLength(20_000);
      } else if (Array.isArray(response.body) && typeof response.body.at(-1) === 'string') {
        // Of a long list the recording holds the start, and how many more there are.
        const start = response.body.slice(0, -1);
        const more = Number(/\d+/.exec(String(response.body.at(-1)))?.[0]);
        expect(body).toHaveLength(start.length + more);
        expect(comparable((body as unknown[]).slice(0, start.length))).toEqual(comparable(start));
      } else {
        expect(comparable(body)).toEqual(comparable(response.body ?? ''));
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
