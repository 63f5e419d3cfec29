import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const lure = '"><script>alert(1)</script><a href="javascript:alert(2)">x</a>\u001b]0;t\u0007\u009b2J\u202e';

async function send(pid: string): Promise<void> {
  const dataset = {
    ...{ pid, datasetName: lure, type: 'raw', ownerGroup: 'ingestor', owner: lure, contactEmail: 'a@example.org' },
    ...{ sourceFolder: '/a', size: 1, creationTime: '2024-01-01T00:00:00Z', principalInvestigator: lure },
    ...{ creationLocation: lure, scientificMetadata: { [lure]: { value: lure, unit: lure } } },
  };
  const { status } = await fetch(`${sandbox.url}/api/v3/datasets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(dataset),
  });
  expect(status).toBe(201);
}

const page = async (path: string): Promise<string> => (await fetch(`${sandbox.url}${path}`)).text();

it('the pages of the sandbox show texts of others and do not obey them', async () => {
  const pids = [`a${lure}`, '..', '\ud800'];
  for (const pid of pids) await send(pid);
  const pages = [await page('/'), await page(`/datasets/${encodeURIComponent(pids[0] ?? '')}`)];
  for (const text of pages) {
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/<script|href="(?!\/)|href="[^"]*\.\./i);
    expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u);
  }
});
