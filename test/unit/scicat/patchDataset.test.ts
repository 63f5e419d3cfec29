import { afterEach, describe, expect, it } from 'vitest';
import { createScicatClient } from '../../../core/scicat/client.ts';
import type { PatchOutcome, ScicatClient } from '../../../core/scicat/client.ts';
import { ScicatError } from '../../../core/scicat/errors.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';
import type { Sandbox, SandboxOptions } from '../../../sandbox/sandbox.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const pid = '20.500.12269/a b+c';
const dataset = {
  pid,
  type: 'raw',
  datasetName: 'Vanadium',
  principalInvestigator: 'Ada Lovelace',
  creationLocation: 'ESS:CODA',
  owner: 'Ada Lovelace',
  ownerEmail: 'ada@example.org',
  contactEmail: 'ada@example.org',
  sourceFolder: '/ess/data/coda/443503',
  creationTime: '2025-01-20T12:00:00.000Z',
  ownerGroup: '443503',
  scientificMetadata: { run: { value: 12, unit: '' }, length: { value: 2, unit: 'm' } },
};
const block = JSON.stringify({
  datasetId: pid,
  size: 7,
  dataFileList: [{ path: 'a', size: 7, time: '2025-01-20T12:00:00.000Z' }],
});

interface Written {
  readonly sandbox: Sandbox;
  readonly client: ScicatClient;
  /** `updatedAt` of what was read. */
  readonly read: string;
}

/** A dataset with one file in a SciCat of its own, as somebody has read it. */
async function written(options: SandboxOptions = {}): Promise<Written> {
  const sandbox = await startSandbox(options);
  closing.push(() => sandbox.close());
  const retry = { tries: 1 };
  const client = createScicatClient({ baseUrl: sandbox.baseUrl, token: sandbox.token, retry });
  await client.createDataset(JSON.stringify(dataset));
  await client.createOrigDatablock(block);
  const stored = await client.compareDataset(JSON.stringify(dataset), pid);
  return { sandbox, client, read: stored?.updatedAt ?? '' };
}

const releases = ['4.26', '4.27', '5.1', '5.2', 'master'] as const;
const both = releases.flatMap((release) => (['v3', 'v4'] as const).map((version) => ({ release, version })));

describe('a change of a dataset', () => {
  it.each(both)('is done where nobody was faster, and a second one after it: $release, $version', async (now) => {
    const { sandbox, client, read } = await written({ version: now.release });
    const first = await client.patchDataset(pid, '{"datasetName":"Niobium"}', {
      unmodifiedSince: read,
      version: now.version,
    });
    expect(first.outcome).toBe('done');
    const unmodifiedSince = 'updatedAt' in first ? (first.updatedAt ?? '') : '';
    const second = await client.patchDataset(pid, '{ "description": "of the can" }', {
      unmodifiedSince,
      version: now.version,
    });
    expect(second.outcome).toBe('done');
    // What was not to be changed is as it was; before 5.3 an update in v4 clears the totals.
    expect(sandbox.documents('datasets')[0]).toMatchObject({
      datasetName: 'Niobium',
      description: 'of the can',
      size: 7,
      numberOfFiles: 1,
      scientificMetadata: { run: { value: 12 } },
    });
  });

  it.each(both)('is left undone where somebody has changed it meanwhile: $release, $version', async (now) => {
    const { sandbox, client, read } = await written({ version: now.release });
    const other = createScicatClient({ baseUrl: sandbox.baseUrl, token: sandbox.token });
    await nextMillisecond(read);
    expect(await other.patchDataset(pid, '{"datasetName":"Theirs"}', { unmodifiedSince: read })).toMatchObject({
      outcome: 'done',
    });
    const theirs = sandbox.documents('datasets')[0]?.['updatedAt'];
    expect(
      await client.patchDataset(pid, '{"datasetName":"Ours"}', { unmodifiedSince: read, version: now.version }),
    ).toEqual({ outcome: 'changed-meanwhile', updatedAt: theirs });
    expect(sandbox.documents('datasets')[0]).toMatchObject({ datasetName: 'Theirs', updatedAt: theirs });
  });

  it('is left undone where files were added meanwhile', async () => {
    const { client, read } = await written();
    await nextMillisecond(read);
    await client.createOrigDatablock(block);
    expect((await client.patchDataset(pid, '{"datasetName":"Ours"}', { unmodifiedSince: read })).outcome).toBe(
      'changed-meanwhile',
    );
  });

  it.each(both.filter(({ release }) => release !== '4.26'))(
    'is left undone where somebody changes it between the look and the change: $release, $version',
    async ({ release, version }) => {
      const { sandbox, read } = await written({ version: release });
      const faster = createScicatClient({ baseUrl: sandbox.baseUrl, token: sandbox.token });
      const slow = createScicatClient({
        baseUrl: sandbox.baseUrl,
        token: sandbox.token,
        fetch: async (url, init) => {
          if (init.method === 'PATCH') {
            await nextMillisecond(read);
            await faster.patchDataset(pid, '{"datasetName":"Theirs"}', { unmodifiedSince: read });
          }
          return fetch(url, init);
        },
      });
      expect((await slow.patchDataset(pid, '{"datasetName":"Ours"}', { unmodifiedSince: read, version })).outcome).toBe(
        'changed-meanwhile',
      );
      expect(sandbox.documents('datasets')[0]).toMatchObject({ datasetName: 'Theirs' });
    },
  );

  it.each([
    { version: 'v3', changes: { size: 'big' }, fields: ['size'] },
    { version: 'v4', changes: { size: 'big', frob: 1 }, fields: ['frob', 'size'] },
    { version: 'v3', changes: { pid: 'x' }, fields: ['pid'] },
    { version: 'v4', changes: { scientificMetadata: { length: { value: 3 } } }, fields: [] },
  ] as const)('that SciCat refuses says which fields: $version, $changes', async ({ version, changes, fields }) => {
    const { sandbox, client, read } = await written();
    const before = sandbox.documents('datasets');
    const refused = await client.patchDataset(pid, JSON.stringify(changes), { unmodifiedSince: read, version });
    expect(
      refusal(refused)
        .fields.map(({ path }) => path)
        .sort(),
    ).toEqual(fields);
    expect(refusal(refused).kind).toBe('invalid');
    expect(sandbox.documents('datasets')).toEqual(before);
  });

  it.each(['v3', 'v4'] as const)('of nobody’s or another group’s dataset is refused in %s', async (version) => {
    const { sandbox, client, read } = await written();
    const guard = { unmodifiedSince: read, version };
    expect(refusal(await client.patchDataset('none', '{"datasetName":"x"}', guard)).kind).toBe('not-found');
    const others = createScicatClient({ baseUrl: sandbox.baseUrl, token: sandbox.tokenOf('privileged') });
    expect(refusal(await others.patchDataset(pid, '{"datasetName":"x"}', guard)).kind).toBe('forbidden');
  });

  it('writes numbers as they were given', async () => {
    const { sandbox, read } = await written();
    const sent: unknown[] = [];
    const client = createScicatClient({
      baseUrl: sandbox.baseUrl,
      token: sandbox.token,
      fetch: (url, init) => {
        if (init.method === 'PATCH') sent.push(init.body);
        return fetch(url, init);
      },
    });
    const changes = '{"scientificMetadata":{"t":{"value":300.0,"unit":"K"}}}';
    const first = await client.patchDataset(pid, changes, { unmodifiedSince: read, version: 'v3' });
    const unmodifiedSince = 'updatedAt' in first ? (first.updatedAt ?? '') : '';
    await client.patchDataset(pid, changes, { unmodifiedSince, version: 'v4' });
    expect(sent).toEqual([expect.stringContaining('300.0'), expect.stringContaining('300.0')]);
  });

  it('is not sent with a time that SciCat would pass over', async () => {
    const { client } = await written();
    await expect(client.patchDataset(pid, '{"datasetName":"x"}', { unmodifiedSince: 'now' })).rejects.toThrow(
      'not a time',
    );
  });

  it.each(['error-after', 'error-before'] as const)('whose outcome is not known is an error: %s', async (kind) => {
    const { sandbox, client, read } = await written();
    sandbox.faults.add({ kind, method: 'PATCH' });
    await expect(client.patchDataset(pid, '{"datasetName":"x"}', { unmodifiedSince: read })).rejects.toThrow(
      ScicatError,
    );
  });
});

function refusal(outcome: PatchOutcome): ScicatError {
  if (outcome.outcome !== 'refused') throw new Error(`not refused: ${outcome.outcome}`);
  return outcome.error;
}

/** So that a change has another time than the one that was read. */
async function nextMillisecond(read: string): Promise<void> {
  while (Date.now() <= Date.parse(read)) await new Promise((resolve) => setImmediate(resolve));
}
