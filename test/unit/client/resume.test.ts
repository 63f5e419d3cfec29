import { expect, it, vi } from 'vitest';
import { run } from '../../../client/commands/resume.ts';
import type { Ingestion } from '../../../client/ingestions/ingestion.ts';
import { readIngestion, verbsOf } from '../../../client/ingestions/ingestion.ts';
import { readServiceIngestion } from '../../../client/service/serviceIngestions.ts';
import type { Services } from '../../../client/services.ts';

const said = vi.hoisted(() => [] as string[]);
vi.mock('vscode', () => ({
  l10n: { t: (message: string) => message },
  ProgressLocation: {},
  window: {
    withProgress: (_: unknown, task: (progress: object, token: object) => unknown) => task({}, {}),
    showInformationMessage: (text: string) => Promise.resolve(void said.push(text)),
  },
}));

const record = (status: string, steps: readonly object[] = []) => ({
  ...{ id: '7', status, running: false, dataFile: '/d/a.nxs', host: 'h', created: 'c', changed: 'd' },
  ...{ steps, problems: [], files: [] },
});
const service = { name: 'Beamline', address: 'https://ingest.example.org' };
const ofService = (status: string, can: readonly string[], steps?: readonly object[]) =>
  readServiceIngestion(service, { ...record(status, steps), can });

/** What is resumed when the row of an ingestion is what the command is called with. */
async function resumed(ingestion: Ingestion | undefined): Promise<readonly Ingestion[]> {
  const asked: Ingestion[] = [];
  const ingestions = {
    all: [ingestion],
    interrupted: [],
    refresh: () => Promise.resolve(),
    resume: (each: Ingestion): Promise<Ingestion> => {
      asked.push(each);
      return Promise.resolve({ ...each, state: 'queued' });
    },
  };
  await run({ ingestions } as unknown as Services, ingestion);
  return asked;
}

it('resumes what its service can go on with, whatever its state', async () => {
  const rejected = ofService('rejected', ['reopen', 'drop']);
  expect(await resumed(rejected)).toEqual([rejected]);
});

it('does not resume what was given up', async () => {
  expect(await resumed(readIngestion(record('cancelled')))).toEqual([]);
  expect(said).toEqual(['No ingestion is interrupted.']);
});

it('offers to ask for jobs again where this computer can, and not for a service, which cannot be asked', () => {
  const steps = [{ name: 'archive-job:tape', state: 'failed' }];
  const own = readIngestion(record('done', steps));
  const other = ofService('done', ['drop'], steps);
  expect([own, other].map((each) => each && verbsOf(each))).toEqual([
    ['open', 'remove', 'send'],
    ['open', 'remove'],
  ]);
});
