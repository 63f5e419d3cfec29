import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { optionEntries } from '../../core/config/configTable.ts';
import { imsc } from './imsc.ts';
import { OnlineTrial } from './onlineTrial.ts';

let trial: OnlineTrial;
beforeEach(async () => {
  trial = await OnlineTrial.begin();
});
afterEach(() => trial.end());

it('tells of every key that holds something else than it should, with its line and without what stands there', async () => {
  const lines: string[] = [];
  const lineOf = new Map<string, number>();
  let before: readonly string[] = [];
  for (const { path: option } of optionEntries) {
    const names = option.split('.');
    const shared = names.findIndex((name, depth) => name !== before[depth]);
    for (let depth = shared; depth < names.length; depth++)
      lines.push(`${'  '.repeat(depth)}${names[depth]}:${depth === names.length - 1 ? ' [{ s3cr3t: s3cr3t }]' : ''}`);
    lineOf.set(option, lines.length);
    before = names;
  }
  const file = path.join(trial.root, 'wrong.yml');
  writeFileSync(file, lines.join('\n'));
  const { code, stdout, stderr } = await imsc(['online', '-c', file, '--store', trial.store]);
  expect(code).toBe(2);
  // The configuration file is the one that the command line names.
  for (const [option, line] of lineOf)
    expect(stderr).toMatch(new RegExp(`wrong\\.yml:${line}:\\d+: (?:error|warning): '${option.replaceAll('.', '\\.')}' must be `));
  expect(stdout + stderr).not.toMatch(/s3cr3t|^\s+at /m);
}, 60_000); // prettier-ignore

it('ingests with the greatest numbers that there may be', async () => {
  const watched = path.join(trial.root, 'watched');
  mkdirSync(watched);
  const greatest = [
    ...['--ingestion.max-offline-ingestors', '1e15', '--ingestion.max-files-per-block', '1e15'],
    ...['--ingestion.file-handling.data-file-open-max-tries', '9007199254740991'],
    ...['--ingestion.file-handling.data-file-open-retry-delay', '1e300', '--scicat.timeout', '1e300'],
    ...['--scicat.max-tries', '9007199254740991', '--scicat.max-retry-delay', '1e300'],
    ...['--kafka.session-timeout-ms', '86400000'],
  ];
  const config = trial.configFile(`watch: {folders: ["${path.dirname(trial.measured(0))}"], rest_seconds: 0.1, look_seconds: 0.1}`); // prettier-ignore
  const running = trial.online(config, { options: greatest });
  await trial.ended(1);
  running.child.kill('SIGTERM');
  const { code, stderr } = await running.finished;
  expect([code, stderr]).toMatchObject([0, expect.stringContaining('Done (ingested')]);
  expect(stderr).not.toMatch(/warning|mistake of imsc/i);
}, 60_000);
