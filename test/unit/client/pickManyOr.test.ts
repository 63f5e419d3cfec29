import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ThemeIcon } from 'vscode';
import { pickManyOr } from '../../../client/dialogs.ts';

interface Shown {
  title: string;
  busy: boolean;
  items: readonly { readonly label: string }[];
  selectedItems: readonly unknown[];
  buttons: readonly { readonly tooltip: string }[];
}

const editor = vi.hoisted(() => ({
  shown: {} as Shown,
  does: {} as Record<'accept' | 'button' | 'hide', () => void>,
  disposed: vi.fn(),
}));

vi.mock('vscode', () => ({
  ThemeIcon: vi.fn(),
  window: {
    createQuickPick: () => {
      const on = (what: keyof typeof editor.does) => (listener: () => void) => void (editor.does[what] = listener);
      editor.shown = Object.assign(editor.shown, {
        onDidAccept: on('accept'),
        onDidTriggerButton: on('button'),
        onDidHide: on('hide'),
        show: () => undefined,
        dispose: editor.disposed,
      });
      return editor.shown;
    },
  },
}));

const items = [{ label: 'a.nxs' }, { label: '$(x) b.nxs' }];
const ask = (offered: Promise<readonly { label: string }[]>) =>
  pickManyOr(offered, { title: 'Dry-run $(x)' }, { iconPath: new ThemeIcon('folder'), tooltip: 'Browse…' });

beforeEach(() => {
  editor.disposed.mockClear();
  Object.assign(editor.shown, { items: [], selectedItems: [], busy: false });
});

describe('some of several items, or something else', () => {
  it('are those that were ticked', async () => {
    const answer = ask(Promise.resolve(items));
    await vi.waitFor(
      () => {
        expect(editor.shown.busy).toBe(false);
      },
      { timeout: 15_000 },
    );
    expect(editor.shown.title).not.toContain('$(');
    expect(editor.shown.items.map(({ label }) => label)[1]).not.toContain('$(');
    editor.shown.selectedItems = editor.shown.items.slice(1);
    editor.does.accept();
    expect(await answer).toEqual([items[1]]);
  });

  it.each([
    ['the button', 'button', 'other'],
    ['a change of mind', 'hide', undefined],
  ] as const)('are none after %s', async (_, what, expected) => {
    const answer = ask(Promise.resolve(items));
    editor.does[what]();
    expect(await answer).toBe(expected);
  });

  it('is something else where there is nothing to pick', async () => {
    expect(await ask(Promise.resolve([]))).toBe('other');
  });

  it('close the list and tell why where they cannot be had', async () => {
    await expect(ask(Promise.reject(new Error('The folder cannot be read.')))).rejects.toThrow('cannot be read');
    expect(editor.disposed).toHaveBeenCalledOnce();
  });

  it('are not taken before they are there', async () => {
    let come: (all: typeof items) => void = () => undefined;
    const answer = ask(new Promise((resolve) => (come = resolve)));
    editor.does.accept();
    come(items);
    await vi.waitFor(
      () => {
        expect(editor.shown.busy).toBe(false);
      },
      { timeout: 15_000 },
    );
    editor.shown.selectedItems = editor.shown.items;
    editor.does.accept();
    expect(await answer).toEqual(items);
  });
});
