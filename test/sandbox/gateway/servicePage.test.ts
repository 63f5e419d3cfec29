import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumProgram } from '../../../scripts/vscodeServer.mjs';
import { looks, pageFaults, widths } from '../../support/pageFaults.mjs';
import { measurement, samples, serve } from './served.ts';
import type { Served } from './served.ts';

const program = chromiumProgram();
if (program === undefined) console.warn('The page of the service is not tried here: there is no Chromium.');
let browser: Browser;
beforeAll(async () => {
  if (program === undefined) return;
  browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] });
}, 120_000);
afterAll(async () => {
  if (program !== undefined) await browser.close();
});

async function open({ service }: Served, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(service.url);
  return page;
}

const row = (page: Page, id: string): ReturnType<Page['locator']> =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: new RegExp(`^(?:Job )?${id}$`) }) });
const news = (page: Page): ReturnType<Page['locator']> => page.getByRole('status');

const lure = '<img src=x onerror="document.title=1">\u202e';

/** Jobs as they may be found: done, rejected, waiting, a draft, called off, and one with a name that is made to do harm. */
async function jobsOfAllKinds(served: Served): Promise<void> {
  const { jobs, data, sandbox } = served;
  const owner = 'local';
  measurement(data, 'run');
  const post = (body: object | FormData): Promise<Response> =>
    fetch(`${served.service.url}/api/v1/jobs`, {
      method: 'POST',
      body: body instanceof FormData ? body : JSON.stringify(body),
    });
  await post({ path: 'run' });
  const form = new FormData();
  form.append('file', new Blob(['no data']), 'notes.txt');
  form.append('job', JSON.stringify({ tag: lure }));
  await post(form);
  const waiting = { include: [], host: sandbox.baseUrl, folder: path.join(data, 'run'), configFile: path.join(samples, 'config.yml') }; // prettier-ignore
  await jobs.create({ protocol: 'sword', owner, tag: 'to be approved', request: { ...waiting, options: { dryRun: false, needsApproval: true } } }); // prettier-ignore
  await jobs.create({ protocol: 'openem', owner, request: { ...waiting, options: { dryRun: false, ownToken: true } } });
  for (const tag of ['a draft', 'one that is called off']) await post({ upload: true, tag });
  await jobs.cancel('6');
  await expect.poll(async () => (await jobs.show('3'))?.hold?.for ?? (await jobs.show('3'))?.status, { timeout: 20_000 }).not.toBe('deposited'); // prettier-ignore
  await expect.poll(async () => (await jobs.show('4'))?.hold?.for, { timeout: 20_000 }).toBe('credentials');
  expect((await served.ended('1')).status).toBe('done');
  expect((await served.ended('2')).status).toBe('rejected');
}

describe.skipIf(program === undefined)('the page of the service', { timeout: 120_000 }, () => {
  it('has no barriers that axe finds, as it may look, and cuts nothing off', async () => {
    const served = await serve('scicat_frontend: https://scicat.example.org/');
    await jobsOfAllKinds(served);
    for (const width of widths)
      for (const look of looks) {
        const page = await open(served, { ...look, viewport: { width, height: 800 } });
        await row(page, '1').waitFor();
        await row(page, '6').waitFor();
        expect(await pageFaults(page), `${width} px, ${JSON.stringify(look)}`).toEqual([]);
        await page.context().close();
      }
  });

  it('shows states, findings and the way to the dataset, and obeys no text of others', async () => {
    const served = await serve('scicat_frontend: https://scicat.example.org/');
    await jobsOfAllKinds(served);
    const page = await open(served);
    const { scicat } = (await served.jobs.show('1')) ?? {};
    const link = row(page, '1').getByRole('link', { name: scicat?.pid ?? '' });
    expect(await link.getAttribute('href')).toBe(`https://scicat.example.org/datasets/${encodeURIComponent(scicat?.pid ?? '')}`); // prettier-ignore
    expect(await row(page, '1').innerText()).toContain('done: ingested');
    expect(await row(page, '2').getByRole('listitem').first().innerText()).toMatch(/^Error: /);
    expect(await row(page, '2').innerText()).toContain('<img src=x onerror="document.title=1">\\u202e');
    expect(await row(page, '4').innerText()).toContain('waits for a token of SciCat');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Ingest service');
  });

  it('is used by keyboard: what was rejected is opened again and called off, and focus stays where it was', async () => {
    const served = await serve();
    await jobsOfAllKinds(served);
    const page = await open(served);
    await row(page, '2').waitFor();
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement.ariaLabel')) === 'Reopen job 2') break;
    }
    await page.keyboard.press('Enter');
    await row(page, '7').waitFor();
    await expect.poll(() => news(page).innerText()).toContain('Job 2 is opened again as job 7, a draft');
    expect(await row(page, '7').innerText()).toContain('in the place of job 2');
    await row(page, '7').getByRole('button', { name: 'Cancel job 7' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => row(page, '7').innerText()).toContain('cancelled');
    expect(await page.evaluate('document.activeElement.closest("tr").querySelector("th").textContent')).toBe('7');
    expect(await served.jobs.drop('7')).toMatchObject({ id: '7' });
    await row(page, '7').waitFor({ state: 'detached' });
  });

  it('shows no more what went while it heard nothing of the service', async () => {
    const served = await serve();
    await jobsOfAllKinds(served);
    const job = await (await fetch(`${served.service.url}/api/v1/jobs/1`)).text();
    expect(await served.jobs.drop('1')).toMatchObject({ id: '1' });
    const context = await browser.newContext();
    const page = await context.newPage();
    let isFirst = true;
    await page.route('**/api/v1/events', async (route) => {
      // A connection from before the job went, which ends.
      if (isFirst) await route.fulfill({ contentType: 'text/event-stream', body: `event: job\ndata: ${job}\n\n` });
      else await route.continue();
      isFirst = false;
    });
    await page.goto(served.service.url);
    await row(page, '1').waitFor();
    await row(page, '2').waitFor();
    await row(page, '1').waitFor({ state: 'detached' });
    await context.close();
  });

  it('shows an ingestion as it goes on, also behind a proxy that has answered instead of the service', async () => {
    const served = await serve();
    const context = await browser.newContext();
    const page = await context.newPage();
    let refused = 0;
    await page.route('**/api/v1/events', async (route) => {
      if (refused++ < 2) await route.fulfill({ status: 502, contentType: 'text/html', body: 'Bad gateway' });
      else await route.continue();
    });
    await page.goto(served.service.url);
    await expect.poll(() => news(page).innerText()).toContain('does not answer now');
    await expect.poll(() => news(page).innerText(), { timeout: 20_000 }).toBe('The service answers again.');
    measurement(served.data, 'run');
    await fetch(`${served.service.url}/api/v1/jobs`, { method: 'POST', body: '{"path": "run"}' });
    await expect.poll(() => row(page, '1').innerText(), { timeout: 20_000 }).toContain('done: ingested');
    await context.close();
  });
});
