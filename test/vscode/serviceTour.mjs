// Makes the picture of the ingest service's page: `npm run tour service`, and with the others.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startSandbox, startServing } from '../../scripts/sandboxProcess.mjs';

/** Paths of the data are in the picture; without the right to make this folder, those of a temporary one. */
const place = '/measurements';

/**
 * @param {string} root the checkout
 * @param {string} program Chromium
 * @param {string} file where the picture goes
 */
export async function photographService(root, program, file) {
  const made = mkdtempSync(join(tmpdir(), 'imsc-tour-'));
  const own = process.getuid?.() === 0 && !existsSync(place);
  const data = own ? place : join(made, 'measurements');
  const samples = join(root, 'samples');
  cpSync(join(samples, 'data'), data, { recursive: true });
  for (const name of ['deposits', 'jobs']) mkdirSync(join(made, name));
  const children = [];
  try {
    const sandbox = await startSandbox(join(made, 'catalogue'));
    children.push(sandbox.child);
    const settings = {
      ...{ storage: join(made, 'deposits'), store: join(made, 'jobs'), port: 0 },
      scicat_frontend: sandbox.url,
      locations: [{ name: 'measurements', path: data }],
    };
    writeFileSync(join(made, 'imsc-serve.yml'), JSON.stringify(settings));
    const config = ['-c', join(samples, 'config.yml'), '--scicat.host', sandbox.host];
    const args = ['serve', ...config, '--serve-config', join(made, 'imsc-serve.yml')];
    const service = await startServing(args, { ...process.env, SCICAT_TOKEN: sandbox.token });
    children.push(service.child);
    await fill(service.url);
    const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] });
    const page = await browser.newPage({ viewport: { width: 1100, height: 760 } });
    await page.goto(service.url);
    await page.getByText('done: ingested').nth(1).waitFor();
    // A free port is another one each time, and is none that a person would see.
    await page.getByText(service.url).evaluate((node) => {
      node.textContent = 'http://127.0.0.1:8888';
    });
    await page.screenshot({ path: file, fullPage: true });
    await browser.close();
  } finally {
    for (const child of children) child.kill();
    rmSync(made, { recursive: true, force: true, maxRetries: 10 });
    if (own) rmSync(data, { recursive: true, force: true });
  }
}

/** What is ingested, and what is not. */
async function fill(url) {
  const jobs = `${url}/api/v1/jobs`;
  const send = async (body) => (await fetch(jobs, { method: 'POST', body })).json();
  const settled = async ({ id }) => {
    for await (const piece of (await fetch(`${jobs}/${id}/events`)).body) void piece;
  };
  const form = (files, job) => {
    const made = new FormData();
    for (const [name, content] of files) made.append('file', new Blob([content]), name);
    made.append('job', JSON.stringify(job));
    return made;
  };
  for (const path of ['coda/2025/443604', 'loki/2025/443618']) await settled(await send(JSON.stringify({ path })));
  await settled(await send(form([['notes.txt', 'no data']], { tag: 'Evening shift' })));
  await send(JSON.stringify({ upload: true, tag: 'Thin film, from my laptop' }));
}
