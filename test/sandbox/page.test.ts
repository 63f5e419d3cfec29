import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromiumProgram } from '../../scripts/vscodeServer.mjs';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { looks, pageFaults, widths } from '../support/pageFaults.mjs';

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

const program = chromiumProgram();
if (program === undefined) console.warn('The pages of the sandbox are not looked at here: there is no Chromium.');

it.skipIf(program === undefined)(
  'the pages have no barriers that axe finds, as they may look, cut nothing off, and list proposals with their fields',
  { timeout: 120_000 },
  async () => {
    await send('20.500.12269/a-dataset');
    const browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox', '--disable-gpu'] });
    try {
      for (const width of widths)
        for (const look of looks) {
          const context = await browser.newContext({ ...look, viewport: { width, height: 800 } });
          const shown = await context.newPage();
          await shown.goto(sandbox.url);
          await shown.locator('summary').first().click();
          expect(await shown.locator('details pre').first().innerText()).toContain('proposalId');
          const places = [sandbox.url, await shown.getByRole('link', { name: 'a-dataset' }).getAttribute('href')];
          for (const place of places) {
            await shown.goto(new URL(place ?? '', sandbox.url).href);
            expect(await pageFaults(shown), `${place ?? ''}, ${width} px, ${JSON.stringify(look)}`).toEqual([]);
          }
          await context.close();
        }
    } finally {
      await browser.close();
    }
  },
);
