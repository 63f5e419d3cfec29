import { beforeEach, describe, expect, it, vi } from 'vitest';
import { confirmIngestion } from '../../../client/ingestions/confirmIngestion.ts';
import type { Ingestion, IngestionState } from '../../../client/ingestions/ingestion.ts';
import { showBatchEnd } from '../../../client/ingestions/showEnd.ts';
import type { DryRun } from '../../../client/results/dryRuns.ts';
import { batchModel } from '../../../client/results/resultModel.ts';
import type { Services } from '../../../client/services.ts';

interface Said {
  readonly text: string;
  readonly modal: boolean;
  readonly detail: string;
  readonly actions: readonly string[];
}

const editor = vi.hoisted(() => ({ said: [] as Said[], answer: '' }));

vi.mock('vscode', () => {
  const say = (text: string, options: { modal?: boolean; detail?: string }, ...actions: string[]) => {
    editor.said.push({ text, modal: options.modal === true, detail: options.detail ?? '', actions });
    return Promise.resolve(actions.find((action) => action === editor.answer));
  };
  return {
    l10n: {
      t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)])),
    },
    workspace: { asRelativePath: (file: string) => file.slice('/data/'.length) },
    window: { showInformationMessage: say, showWarningMessage: say, showErrorMessage: say },
  };
});

const shown: DryRun[] = [];
const services = {
  resultPages: { show: (dryRuns: readonly DryRun[]) => void shown.push(...dryRuns) },
} as unknown as Services;

const reasons: Readonly<Record<string, object>> = {
  failed: { severity: 'error', message: 'It is damaged.' },
  refused: { severity: 'warning', message: 'SciCat wants an e-mail address.' },
  unknown: { severity: 'error', message: 'SciCat does not know the proposal yet.' },
};

const dryRun = (outcome: string, index: number): DryRun =>
  ({
    request: { file: `/data/${outcome}-${index}.nxs`, context: {} },
    when: new Date('2026-05-04T12:00:00'),
    uri: `${outcome}-${index}`,
    document: {
      outcome,
      dataset: { datasetName: `run ${index}`, ownerGroup: 'g' },
      pid: `p/${index}`,
      problems: outcome in reasons ? [reasons[outcome], { severity: 'information', message: 'By the way.' }] : [],
    },
  }) as unknown as DryRun;

const ask = async (...outcomes: readonly string[]) => {
  const chosen = await confirmIngestion(services, outcomes.map(dryRun));
  return { names: chosen.map(({ request }) => request.file.slice('/data/'.length)), said: editor.said };
};

beforeEach(() => {
  editor.said.length = 0;
  editor.answer = '';
  shown.length = 0;
});

describe('what of several files is ingested', () => {
  it.each([
    [['planned'], 'Ingest this file to SciCat?', 'Ingest', ['planned-0.nxs']],
    [['planned', 'planned'], 'Ingest 2 files to SciCat?', 'Ingest 2', ['planned-0.nxs', 'planned-1.nxs']],
    [
      ['failed', 'planned', 'already-present', 'planned', 'planned'],
      '3 new, 1 already there, 1 cannot be ingested. Ingest what is new?',
      'Ingest 3',
      ['planned-1.nxs', 'planned-3.nxs', 'planned-4.nxs'],
    ],
    [['already-present', 'planned'], '1 new, 1 already there. Ingest what is new?', 'Ingest 1', ['planned-1.nxs']],
    [['planned', 'failed'], '1 new, 1 cannot be ingested. Ingest what is new?', 'Ingest 1', ['planned-0.nxs']],
    [
      ['refused', 'planned', 'unknown'],
      '1 new, 1 cannot be ingested, 1 cannot be told. Ingest what is new?',
      'Ingest 1',
      ['planned-1.nxs'],
    ],
  ])('%j: one dialog, and what can be', async (outcomes, text, button, names) => {
    editor.answer = button;
    const asked = await ask(...outcomes);
    expect(asked.said).toEqual([expect.objectContaining({ text, modal: true, actions: [button, 'Show Dry Run'] })]);
    expect(asked.names).toEqual(names);
    const detail = asked.said[0]?.detail;
    if (outcomes.includes('failed')) expect(detail).toMatch(/ingested: failed-\d\.nxs: It is damaged\./);
    if (outcomes.includes('refused')) expect(detail).toMatch(/ingested: refused-\d\.nxs: SciCat wants an e-mail/);
    if (outcomes.includes('unknown')) expect(detail).toMatch(/told: unknown-\d\.nxs: SciCat does not know/);
    if (outcomes.includes('already-present')) expect(asked.said[0]?.detail).toMatch(/there: already-present-\d\.nxs/);
  });

  it('is nothing where the dialog is closed, and the dry runs where they are asked for', async () => {
    expect((await ask('planned', 'failed')).names).toEqual([]);
    editor.answer = 'Show Dry Run';
    expect((await ask('planned', 'failed')).names).toEqual([]);
    const { model, places } = batchModel(shown, (file) => file.slice('/data/'.length));
    expect(model.outcome).toEqual({
      severity: 'error',
      text: '1: Can be ingested; nothing was sent and no file was made. 1: Failed',
      actions: ['ingest', 'again', 'asText'],
    });
    expect(model.tables[0]?.rows.map(({ name, state, text, type }) => [name, state, text, type])).toEqual([
      ['planned-0.nxs', 'known', 'run 0', 'planned'],
      ['failed-1.nxs', 'failed', 'It is damaged.', 'failed'],
    ]);
    expect(model.tables[0]?.columns).toEqual({ name: 'File', text: 'Dataset', unit: 'Size', type: 'Outcome' });
    expect(model.tables[0]?.rows.map(({ opens }) => places.get(opens ?? ''))).toEqual([
      { kind: 'run', index: 0 },
      { kind: 'run', index: 1 },
    ]);
  });

  it.each([
    [['failed'], 'failed-0.nxs cannot be ingested: It is damaged. Nothing was sent.'],
    [['refused'], 'refused-0.nxs cannot be ingested: SciCat wants an e-mail address. Nothing was sent.'],
    [
      ['unknown'],
      'Whether unknown-0.nxs can be ingested cannot be told: SciCat does not know the proposal yet. Nothing was sent.',
    ],
    [['already-present'], 'already-present-0.nxs is in SciCat already as p/0. Nothing was sent.'],
    [['failed', 'already-present', 'failed'], 'Nothing was sent: 1 already there, 2 cannot be ingested.'],
  ])('is nothing of %j, with the reason', async (outcomes, text) => {
    const { said, names } = await ask(...outcomes);
    expect(said.map((each) => each.text)).toEqual([text]);
    expect(names).toEqual([]);
  });

  it('fits on the screen, however many there are', async () => {
    const { said } = await ask(...Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'planned' : 'failed')));
    expect(said[0]?.detail.split('\n').length).toBeLessThan(30);
    expect(said[0]?.detail.match(/… and 12 more/g)).toHaveLength(2);
  });
});

describe('what is said at the end of several files', () => {
  it.each<[IngestionState[], number, string, string[]]>([
    [['done', 'done'], 2, '2 of 2 files are in SciCat now.', ['Show Ingestions']],
    [
      ['done', 'failed', 'already-present'],
      3,
      '1 of 3 files are in SciCat now, 1 already there, 1 not ingested. 1.nxs: why 1',
      ['Retry', 'Show Ingestions'],
    ],
    [
      ['done', 'interrupted'],
      2,
      '1 of 2 files are in SciCat now, 1 not finished. 1.nxs: why 1',
      ['Resume', 'Show Ingestions'],
    ],
    [['done', 'cancelled'], 4, '1 of 4 files are in SciCat now, 3 called off.', ['Show Ingestions']],
  ])('%j: one message', async (states, agreed, text, actions) => {
    const ended = states.map(
      (state, index) =>
        ({ state, file: `/data/${index}.nxs`, message: `why ${index}`, problems: [] }) as unknown as Ingestion,
    );
    await showBatchEnd(services, ended, agreed);
    expect(editor.said).toEqual([{ text, modal: false, detail: '', actions }]);
  });
});
