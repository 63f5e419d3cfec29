import { stringify } from 'devalue';
import { Uri } from 'vscode';
import { afterEach, expect, it, vi } from 'vitest';
import { askNexusPage, showNexusPage } from '../../../client/nexusPage/nexusPage.ts';

const page = vi.hoisted(() => ({
  close: (): void => undefined,
  say: undefined as ((message: unknown) => void) | undefined,
}));

vi.mock('vscode', () => ({
  env: { language: 'en' },
  l10n: { t: (text: string) => text },
  Uri: { file: String, joinPath: (...parts: unknown[]) => parts.join('/') },
  ViewColumn: { Beside: -2 },
  window: {
    createWebviewPanel: () => ({
      webview: {
        html: '',
        cspSource: '',
        asWebviewUri: String,
        onDidReceiveMessage: (listener: (message: unknown) => void) => {
          page.say = listener;
        },
        postMessage: () => Promise.resolve(true),
      },
      reveal: () => undefined,
      onDidDispose: (listener: () => void) => {
        page.close = listener;
      },
    }),
  },
}));

afterEach(() => {
  vi.useRealTimers();
  page.close();
});

const cases = {
  'does not answer': () => vi.advanceTimersByTimeAsync(60_001),
  'was closed': () => {
    page.close();
  },
};

it.each(Object.entries(cases))('a page that %s leaves no question open', async (message, happens) => {
  vi.useFakeTimers();
  showNexusPage(Uri.file('/extension'), () => undefined);
  const asked = askNexusPage('/dropped:/run.nxs', { method: 'open' });
  await happens();
  expect(JSON.stringify(await asked)).toMatch(new RegExp(`${message}.*once more`));
});

it('a page that answers others is slow, not silent', async () => {
  vi.useFakeTimers();
  showNexusPage(Uri.file('/extension'), () => undefined);
  let isEnded = false;
  const slow = askNexusPage('/dropped:/run.nxs', { method: 'open' }).then(() => {
    isEnded = true;
  });
  for (let turn = 0; turn < 4; turn += 1) {
    await vi.advanceTimersByTimeAsync(20_000);
    page.say?.({ kind: 'reply', id: -1, reply: stringify(turn) });
  }
  expect(isEnded).toBe(false);
  await vi.advanceTimersByTimeAsync(30_001);
  expect(isEnded).toBe(true);
  await slow;
});
