import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProgressOptions } from 'vscode';
import { registerCommands } from '../../../client/commands/registry.ts';
import {
  askText,
  pickMany,
  pickOne,
  plainText,
  showInStatusBar,
  showMessage,
  withProgress,
} from '../../../client/dialogs.ts';
import { showEnd } from '../../../client/ingestions/showEnd.ts';
import type { Ingestion, IngestionState } from '../../../client/ingestions/ingestion.ts';
import type { Services } from '../../../client/services.ts';

const editor = vi.hoisted(() => ({
  shown: [] as string[],
  commands: new Map<string, (...from: unknown[]) => Promise<unknown>>(),
}));

vi.mock('vscode', () => {
  const say = (...all: unknown[]): Promise<undefined> => {
    editor.shown.push(JSON.stringify(all));
    return Promise.resolve(undefined);
  };
  const pick = async (items: readonly object[] | Promise<readonly object[]>, options: object): Promise<unknown> => {
    const all = await items;
    editor.shown.push(JSON.stringify([all.map((item) => ({ ...item, item: undefined })), options]));
    return 'canPickMany' in options ? all : all[0];
  };
  return {
    l10n: {
      t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)])),
    },
    workspace: { isTrusted: true },
    commands: {
      registerCommand: (id: string, run: (...from: unknown[]) => Promise<unknown>) => editor.commands.set(id, run),
    },
    window: {
      showInformationMessage: say,
      showWarningMessage: say,
      showErrorMessage: say,
      showInputBox: say,
      setStatusBarMessage: say,
      showQuickPick: pick,
      withProgress: (options: unknown, task: (progress: object) => unknown) => {
        void say(options);
        return task({ report: say });
      },
    },
  };
});

/** What VS Code makes a link or an icon of. */
const obeyed = /\[[^\]]*\]\(|\$\(/;
const lure = 'x](command:a) [Open dataset](command:workbench.action.terminal.new "now") $(account) [b](file:///c)';

beforeEach(() => {
  editor.shown.length = 0;
});

describe('texts of others in what VS Code shows', () => {
  it('hold no link and no icon, and read as before', () => {
    expect(plainText(lure)).not.toMatch(obeyed);
    expect(plainText(lure).replaceAll('\u200b', '')).toBe(lure);
    expect(plainText('a\u202eb\u2066c\u001b[2J\r\u0085\u2028\u200fd')).toBe(
      'a\\u202eb\\u2066c\\u001b[2J\\u000d\\u0085\\u2028\\u200fd',
    );
    expect(plainText('two\n\tlines, שלום, 👩‍🔬')).toBe('two\n\tlines, שלום, 👩‍🔬');
    expect(plainText('counts[0] (of 3), a $ and (b)')).toBe('counts[0] (of 3), a $ and (b)');
  });

  it('in messages, dialogs, progress, lists, input fields and the status bar', async () => {
    await showMessage('information', lure);
    await showMessage('warning', 'a', [], { modal: true, detail: lure });
    await showMessage('error', lure, ['Log']);
    await withProgress({ title: lure } as ProgressOptions, (progress) => {
      progress.report({ message: lure });
      return Promise.resolve();
    });
    await askText({ title: lure, prompt: lure, placeHolder: lure });
    void showInStatusBar(lure, 1);
    const items = [{ label: lure, description: lure, detail: lure }];
    expect(await pickOne(items, { title: lure, placeHolder: lure })).toBe(items[0]);
    expect(await pickMany(Promise.resolve(items), { title: lure })).toEqual(items);
    expect(editor.shown).toHaveLength(9);
    for (const shown of editor.shown) expect(shown).not.toMatch(obeyed);
  });

  it('leave alone what a person will edit', async () => {
    await askText({ value: '[a](b)' });
    expect(editor.shown).toEqual(['[{"value":"[a](b)"}]']);
  });

  it.each<IngestionState>(['done', 'already-present', 'cancelled', 'interrupted', 'failed'])(
    'at the end of an ingestion: %s',
    async (state) => {
      const services = {} as unknown as Services;
      const base = { file: `/data/${lure.replaceAll('/', '')}`, host: 'http://127.0.0.1:1', problems: [] };
      await showEnd(services, { ...base, state, pid: lure, message: lure } as unknown as Ingestion);
      expect(editor.shown).toHaveLength(1);
      expect(editor.shown[0]).not.toMatch(obeyed);
    },
  );

  it('when a command fails', async () => {
    const log = {
      show: () => {
        throw new Error(lure);
      },
    };
    registerCommands({ log } as unknown as Services);
    const failure: unknown = await editor.commands
      .get('imsc.showLog')?.()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(String(failure)).not.toMatch(obeyed);
  });
});
