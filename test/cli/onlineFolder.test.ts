import { cpSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startGraylog } from '../support/graylogReceiver.ts';
import { imsc } from './imsc.ts';
import { startKillingProxy } from './killingProxy.ts';
import { freePort, OnlineTrial } from './onlineTrial.ts';

let trial: OnlineTrial;
let watched: string;
beforeEach(async () => {
  trial = await OnlineTrial.begin();
  watched = path.join(trial.root, 'watched');
  mkdirSync(watched);
});
afterEach(() => trial.end());

const section = (): string => `watch: {folders: ["${watched}"], rest_seconds: 0.5, look_seconds: 0.1}`;

it('ingests the files of a folder, those that come too, and after it was killed each once', async () => {
  cpSync(trial.measured(0), path.join(watched, 'there.nxs'));
  const port = await freePort();
  const config = trial.configFile(section(), { healthPort: port });
  const first = trial.online(config);
  await trial.ended(1);
  // It is copied beside, and comes as a whole.
  const folder = path.join(watched, '2026/raw');
  mkdirSync(folder, { recursive: true });
  cpSync(trial.measured(1), path.join(trial.root, 'copied'));
  renameSync(path.join(trial.root, 'copied'), path.join(folder, 'new.nxs'));
  await trial.ended(2);
  const health = await fetch(`http://127.0.0.1:${port}/health`);
  expect([health.status, await health.json()]).toMatchObject([
    200,
    { storage: true, scicat: true, waiting: 0, sources: { folder: { well: true, paused: false, lag: 0 } } },
  ]);
  first.child.kill('SIGKILL');
  await first.finished;
  // Who has not changed is not taken again; this one says another time.
  utimesSync(path.join(watched, 'there.nxs'), 1_700_000_000, 1_700_000_000);
  const second = trial.online(config);
  await trial.ended(3);
  second.child.kill('SIGTERM');
  const { code, stderr } = await second.finished;
  expect(code, stderr).toBe(0);
  const { jobs } = await trial.jobs.list();
  expect(
    jobs.map(({ protocol, request, outcome }) => [protocol, path.basename(request.dataFile ?? ''), outcome]),
  ).toEqual([
    ['folder', 'there.nxs', 'already-present'],
    ['folder', 'new.nxs', 'ingested'],
    ['folder', 'there.nxs', 'ingested'],
  ]);
  expect(trial.listed().filter((name) => name.endsWith('.nxs'))).toEqual(['there.nxs', 'new.nxs']);
}, 120_000);

it('a dataset that another computer, with jobs of its own, has left without its files, is not called complete', async () => {
  const proxy = await startKillingProxy(trial.sandbox.baseUrl);
  const other = await OnlineTrial.begin();
  try {
    const first = trial.online(trial.configFile(section(), { host: proxy.host }));
    proxy.arm({ write: 0, to: 'origdatablocks', when: 'before' }, () => {
      first.child.kill('SIGKILL');
    });
    cpSync(trial.measured(0), path.join(watched, 'run.nxs'));
    await first.finished;
    const second = trial.online(trial.configFile(section()), { store: other.store });
    await vi.waitFor(
      async () => {
        const { jobs } = await other.jobs.list();
        expect(jobs).toMatchObject([{ status: 'deposited', hold: { for: 'retry' }, isRunning: false }]);
        expect(jobs[0]?.statusDetail).toMatchObject([{ code: 'dataset-incomplete' }]);
        // Whoever has made it may be at it.
        expect(jobs[0]?.statusDetail[0]?.message).toMatch(
          /It was changed \d+ seconds ago, so another ingestion may be at it/,
        );
      },
      { timeout: 40_000, interval: 100 },
    );
    expect(trial.listed()).toEqual([]);
    second.child.kill('SIGTERM');
    await second.finished;
    // Whose jobs know of it finishes it.
    trial.online(trial.configFile(section()));
    await trial.ended(1);
    expect(trial.sandbox.documents('datasets')).toHaveLength(1);
    expect(trial.listed().filter((name) => name.endsWith('.nxs'))).toEqual(['run.nxs']);
  } finally {
    await other.end();
    await proxy.close();
  }
}, 120_000);

it('takes the folders from the command line, and says of one that is not there', async () => {
  cpSync(trial.measured(0), path.join(watched, 'there.nxs'));
  const config = trial.configFile('watch: {rest_seconds: 0.5, look_seconds: 0.1}');
  const running = trial.online(config, { options: ['--watch', watched] });
  await trial.ended(1);
  running.child.kill('SIGTERM');
  expect((await running.finished).stderr).toContain(`Hears of new files from ${watched}; Ctrl-C ends it.`);
  const away = await imsc(['online', '-c', config, '--store', trial.jobs.folder, '--watch', path.join(watched, 'not')]);
  expect([away.code, away.stderr]).toMatchObject([1, expect.stringContaining('The folder cannot be watched: ')]);
}, 60_000);

it('tells each Graylog what it says, and writes the same as lines of JSON', async () => {
  const [one, two] = [await startGraylog(), await startGraylog()];
  const logging = `{graylog: true, graylog_host: nowhere.invalid, graylog_enabled: true, graylogs: [{host: 127.0.0.1, port: ${one.port}}, {host: localhost, port: ${two.port}, facility: second}]}`;
  const config = trial.configFile(section());
  writeFileSync(config, readFileSync(config, 'utf8').replace(/^logging:\n.*$/m, `logging: ${logging}`));
  cpSync(trial.measured(0), path.join(watched, 'a\u202eb.nxs'));
  writeFileSync(path.join(watched, 'broken.nxs'), 'no such file');
  const running = trial.online(config, { options: ['--json'] });
  await trial.ended(2);
  running.child.kill('SIGTERM');
  const { code, stdout, stderr } = await running.finished;
  expect([code, stdout]).toEqual([0, '']);
  const lines = stderr.trimEnd().split('\n').map((line) => JSON.parse(line) as { at: string; severity: string; message: string }); // prettier-ignore
  for (const { at } of lines) expect(new Date(at).toISOString()).toBe(at);
  const [known, unknown] = [lines.filter(({ message }) => !message.includes('nowhere.invalid')), lines.filter(({ message }) => message.includes('nowhere.invalid'))]; // prettier-ignore
  expect(unknown).toMatchObject([{ severity: 'warning' }]);
  expect(known.map(({ severity, message }) => `${severity} ${message}`)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^info Recorded: .*a\u202eb\.nxs$/),
      expect.stringMatching(/^info Done \(ingested as .*a\u202eb\.nxs$/),
      expect.stringMatching(/^warning Put aside, .*broken\.nxs$/),
    ]),
  );
  for (const [receiver, facility] of [
    [one, 'scicat.ingestor'],
    [two, 'second'],
  ] as const) {
    expect(receiver.faults).toEqual([]);
    expect(receiver.heard.map((each) => [each.short_message, each._facility])).toEqual(
      known.map(({ message }) => [`SFI: ${message}`, facility]),
    );
    receiver.close();
  }
  expect(stderr + JSON.stringify(one.heard)).not.toContain(trial.sandbox.token);
}, 60_000);
