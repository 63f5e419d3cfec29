import { describe, expect, it, vi } from 'vitest';
import type { Connections } from '../../../client/connections/connections.ts';
import type { ImscAnswer, ImscCall, ImscProgram } from '../../../client/imscProgram.ts';
import { Ingestions } from '../../../client/ingestions/ingestions.ts';
import type { RunContext } from '../../../client/ingestions/runContext.ts';

vi.mock('vscode', () => ({
  l10n: { t: (message: string) => message },
  commands: { executeCommand: () => Promise.resolve() },
  CancellationTokenSource: class {
    token = {};
    dispose(): void {
      // Nothing is held.
    }
  },
  EventEmitter: class {
    readonly #listeners: ((value: unknown) => void)[] = [];
    readonly event = (listener: (value: unknown) => void) => void this.#listeners.push(listener);
    fire(value: unknown): void {
      for (const listener of this.#listeners) listener(value);
    }
    dispose(): void {
      this.#listeners.length = 0;
    }
  },
}));

const file = '/data/a.nxs';
const recorded = (running: boolean, more: object = {}): object => ({
  id: '1',
  status: running ? 'deposited' : 'done',
  running,
  step: running ? 'extract' : null,
  dataFile: file,
  host: 'https://scicat.example',
  created: '2999-01-01T00:00:00.000Z',
  changed: '2999-01-01T00:00:00.000Z',
  problems: [],
  steps: [],
  ...more,
});
const answer = (document: object): ImscAnswer => {
  const text = JSON.stringify(document);
  return { exitCode: 0, text, document: JSON.parse(text) as ImscAnswer['document'], lastLines: [] };
};

describe('an ingestion that this window has started', () => {
  it('says in the list what it is at, as long as it runs, and whoever looks is told of it there', async () => {
    const seen: (string | undefined)[] = [];
    let isRunning = true;
    const running = {
      run: async ({ args, onProgress, onLine }: ImscCall) => {
        if (args[0] === 'jobs') return answer({ jobs: [recorded(isRunning)] });
        await list();
        for (const fraction of [0.1, 0.2]) onProgress?.({ text: `checksum ${fraction}`, fraction });
        await Promise.resolve();
        onLine?.('Created the dataset p/1');
        await Promise.resolve();
        isRunning = false;
        return answer({ outcome: 'ingested', problems: [] });
      },
    } as unknown as ImscProgram;
    const ingestions = new Ingestions(running, {} as unknown as Connections);
    const list = () => ingestions.refresh();
    ingestions.onDidChange(() => seen.push(ingestions.all[0]?.doing));
    const context = { args: [], secrets: {}, workingDirectory: '/', connection: undefined } as unknown as RunContext;
    const ended = await ingestions.run({ file, context });
    expect(ended.state).toBe('done');
    await Promise.resolve();
    // What comes at once is told at once.
    expect([...new Set(seen)]).toEqual(['extract', 'checksum 0.2', 'Created the dataset p/1', undefined]);
  });
});
