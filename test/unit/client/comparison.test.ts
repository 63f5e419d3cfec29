import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CancellationToken, TextDocument, Uri } from 'vscode';
import type { ImscAnswer, ImscCall } from '../../../client/imscProgram.ts';
import type { JsonRecord } from '../../../client/json.ts';
import { Comparison } from '../../../client/results/comparison.ts';
import { sinceLastCommit } from '../../../client/results/lastCommit.ts';

interface Typed {
  readonly uri: Uri;
  readonly languageId: string;
  text: string;
  isDirty: boolean;
  isClosed: boolean;
  getText(): string;
}

const editor = vi.hoisted(() => {
  const listeners = new Map<string, (event: unknown) => void>();
  const on = (name: string) => (listener: (event: unknown) => void) => {
    listeners.set(name, listener);
    return { dispose: () => listeners.delete(name) };
  };
  return { documents: [] as unknown[], listeners, on };
});

vi.mock('vscode', () => ({
  l10n: {
    t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)])),
  },
  workspace: {
    textDocuments: editor.documents,
    onDidChangeTextDocument: editor.on('change'),
    onDidSaveTextDocument: editor.on('save'),
    onDidCloseTextDocument: editor.on('close'),
    getWorkspaceFolder: () => undefined,
    getConfiguration: () => ({ get: () => '' }),
  },
  CancellationTokenSource: class {
    readonly #told: (() => void)[] = [];
    readonly token = {
      isCancellationRequested: false,
      onCancellationRequested: (listener: () => void) => {
        this.#told.push(listener);
        return { dispose: () => undefined };
      },
    };
    cancel(): void {
      this.token.isCancellationRequested = true;
      for (const listener of this.#told) listener();
    }
    dispose(): void {
      // Nothing is held.
    }
  },
}));

const pause = 400;
const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
const working = 'a.imsc.yml: comparing with the last commit …';

function document(name: string, text: string): Typed {
  const place = { fsPath: `/schemas/${name}`, scheme: 'file', toString: () => `file:///schemas/${name}` };
  const made: Typed = {
    uri: place as unknown as Uri,
    languageId: 'imsc-yaml',
    text,
    isDirty: false,
    isClosed: false,
    getText: () => made.text,
  };
  editor.documents.push(made);
  return made;
}

/** A comparison with a process that is ended by hand, and a view that notes what it is told. */
function comparing() {
  const calls: (ImscCall & { readonly end: (document: JsonRecord) => Promise<void>; isEnded: boolean })[] = [];
  const view = {
    isVisible: true,
    said: [] as string[],
    shown: [] as JsonRecord[],
    isAtWork: false,
    look: (): void => undefined,
    say: (message: string) => void view.said.push(message),
    show: (found: JsonRecord) => void view.shown.push(found),
    onDidChangeVisibility: (listener: () => void) => {
      view.look = listener;
      return { dispose: () => undefined };
    },
    whileWorking: (work: Promise<void>) => {
      view.isAtWork = true;
      void work.then(() => (view.isAtWork = false));
    },
  };
  const program = {
    run: (call: ImscCall): Promise<ImscAnswer> =>
      new Promise((resolve) => {
        const end = async (found: JsonRecord): Promise<void> => {
          begun.isEnded = true;
          resolve({ exitCode: 0, text: '', document: found, lastLines: ['error: no commit'] });
          await vi.advanceTimersByTimeAsync(0);
        };
        const begun = { ...call, end, isEnded: false };
        calls.push(begun);
        call.cancellation?.onCancellationRequested(() => void end({}));
      }),
  };
  const comparison = new Comparison(view);
  const schema = document('a.imsc.yml', 'old');
  return {
    calls,
    view,
    comparison,
    schema,
    ask: (uri = schema.uri, cancellation = never as unknown as CancellationToken) =>
      comparison.compare(sinceLastCommit(program, uri), cancellation, () => undefined),
    type: (text: string, into = schema) => {
      Object.assign(into, { text, isDirty: true });
      editor.listeners.get('change')?.({ document: into as unknown as TextDocument, contentChanges: [{}] });
    },
    look: (isVisible: boolean) => {
      view.isVisible = isVisible;
      view.look();
    },
    wait: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  };
}

const found = (changed: number, more: JsonRecord = {}): JsonRecord => ({ samples: 2, changed, files: [], ...more });

/** The same, with the first comparison shown. */
async function following() {
  const started = comparing();
  const asked = started.ask();
  await started.wait(0);
  await started.calls[0]?.end(found(1));
  expect(await asked).toBe(true);
  return started;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  editor.documents.length = 0;
  editor.listeners.clear();
});

describe('a schema that is compared with the last commit', () => {
  it('is compared as the editor has it, without being saved', async () => {
    const { calls, view } = await following();
    expect(calls[0]?.args).toEqual(expect.arrayContaining(['diff', '/schemas/a.imsc.yml', '--git', 'HEAD', '--stdin']));
    expect(calls[0]?.input).toBe('old');
    expect(view.shown).toEqual([found(1)]);
    expect(view.said).toEqual(['a.imsc.yml: 1 of 2 files come out differently.']);
  });

  it('says so where no selector takes any of the files', async () => {
    const started = comparing();
    const asked = started.ask();
    await started.wait(0);
    await started.calls[0]?.end(found(0, { untaken: 2 }));
    expect(await asked).toBe(true);
    expect(started.view.said).toEqual(['a.imsc.yml: none of 2 files is taken by a selector.']);
  });

  it('is compared anew when nobody has typed for a while, once for all that was typed', async () => {
    const { calls, view, type, wait } = await following();
    for (const text of ['n', 'ne', 'new']) {
      type(text);
      await wait(pause - 1);
    }
    expect(view.said.at(-1)).toBe(working);
    expect(calls).toHaveLength(1);
    await wait(1);
    expect(calls.map(({ input }) => input)).toEqual(['old', 'new']);
    expect(view.isAtWork).toBe(true);
    await calls[1]?.end(found(2));
    expect(view.isAtWork).toBe(false);
    expect(view.shown.at(-1)).toEqual(found(2));
    expect(view.said.at(-1)).toBe('a.imsc.yml: 2 of 2 files come out differently.');
  });

  it('ends the process of a text that is old, drops its answer, and starts none before it has ended', async () => {
    const { calls, view, type, wait } = await following();
    type('new');
    await wait(pause);
    type('newer');
    expect(calls[1]?.isEnded).toBe(true);
    await wait(pause);
    expect(calls.map(({ input }) => input)).toEqual(['old', 'new', 'newer']);
    expect(view.shown).toHaveLength(1);
    await calls[2]?.end(found(0));
    expect(view.shown.slice(1)).toEqual([found(0)]);
  });

  it('costs nothing while the view is closed, and is compared when it is seen again', async () => {
    const { calls, look, type, wait } = await following();
    look(false);
    type('new');
    await wait(10 * pause);
    expect(calls).toHaveLength(1);
    look(true);
    await wait(pause);
    expect(calls.map(({ input }) => input)).toEqual(['old', 'new']);
    look(false);
    expect(calls[1]?.isEnded).toBe(true);
    look(true);
    await wait(pause);
    await calls[2]?.end(found(2));
    look(false);
    look(true);
    await wait(10 * pause);
    expect(calls).toHaveLength(3);
  });

  it('leaves what is shown where it is half typed, and says why', async () => {
    const { calls, view, type, wait } = await following();
    type('name: [');
    await wait(pause);
    const files = [{ file: '/a.nxs', schemas: { before: '/schemas/a.imsc.yml', after: null }, changes: [] }];
    await calls[1]?.end(found(2, { files, problems: [{ message: 'It cannot be used after it: no end.' }] }));
    expect(view.shown).toHaveLength(1);
    expect(view.said.at(-1)).toBe('It cannot be used after it: no end. Below is what a.imsc.yml made before.');
    type('name: []');
    await wait(pause);
    await calls[2]?.end({});
    expect(view.said.at(-1)).toBe('a.imsc.yml could not be compared. error: no commit');
  });

  it('is shown as it lies on disk after it was closed without being saved', async () => {
    const { calls, schema, type, wait } = await following();
    type('new');
    await wait(pause);
    await calls[1]?.end(found(2));
    schema.isClosed = true;
    editor.listeners.get('close')?.(schema);
    await wait(pause);
    expect(calls[2]?.args).not.toContain('--stdin');
    expect(calls[2]?.input).toBeUndefined();
    await calls[2]?.end(found(0));
    editor.listeners.get('close')?.(schema);
    await wait(pause);
    expect(calls).toHaveLength(3);
  });

  it('is compared anew when another schema is saved, and not when anything else is typed or saved', async () => {
    const { calls, type, wait } = await following();
    const other = document('b.imsc.yml', '');
    type('other', other);
    editor.listeners.get('save')?.({ ...other, languageId: 'markdown' });
    await wait(pause);
    expect(calls).toHaveLength(1);
    editor.listeners.get('save')?.(other);
    await wait(pause);
    expect(calls).toHaveLength(2);
  });

  it('makes way for another that is asked for, and comes back if that one cannot be compared', async () => {
    const { calls, ask, type, wait, view } = await following();
    const other = document('b.imsc.yml', 'other');
    type('new');
    const asked = ask(other.uri);
    await wait(pause);
    expect(calls.map(({ input }) => input)).toEqual(['old', 'other']);
    type('newer');
    await calls[1]?.end({});
    expect(await asked).toBe('b.imsc.yml could not be compared. error: no commit');
    expect(view.said.at(-1)).toBe(working);
    await wait(pause);
    expect(calls.map(({ input }) => input)).toEqual(['old', 'other', 'newer']);
  });

  it('is compared anew at once if somebody has typed while it was compared for the first time', async () => {
    const { calls, ask, type, wait, view } = comparing();
    const asked = ask();
    await wait(0);
    type('new');
    await calls[0]?.end(found(1));
    expect(await asked).toBe(true);
    expect(view.said.at(-1)).toBe(working);
    await wait(pause);
    expect(calls.map(({ input }) => input)).toEqual(['old', 'new']);
  });

  it('ends with the window', async () => {
    const { calls, comparison, type, wait } = await following();
    type('new');
    await wait(pause);
    comparison.dispose();
    expect(calls[1]?.isEnded).toBe(true);
    expect(editor.listeners.size).toBe(0);
  });
});
