import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Memento, Uri } from 'vscode';
import { pickFiles, pickNexusFile } from '../../../client/nexusFiles.ts';

interface Row {
  readonly label: string;
  readonly kind?: number;
}

/** The disk, what is shown, and what the person does with it. */
const window = vi.hoisted(() => ({
  files: ['/w/a.nxs', '/w/b.nxs', '/w/c.nxs'],
  elsewhere: ['/far/x.nxs.ngv', '/far/y.zip'],
  rows: [] as readonly Row[],
  takes: (row: Row): boolean => row.label === '',
  browsed: [] as readonly string[],
}));

vi.mock('vscode', () => {
  const uri = (path: string) => ({ scheme: 'file', path, fsPath: path, toString: () => `file://${path}` });
  const pick = (rows: readonly Row[]): readonly Row[] => {
    window.rows = rows;
    return rows.filter((row) => window.takes(row));
  };
  return {
    Uri: { parse: (text: string) => uri(text.slice('file://'.length)) },
    ThemeIcon: vi.fn(),
    QuickPickItemKind: { Separator: -1 },
    l10n: { t: (text: string) => text },
    window: {
      showQuickPick: (rows: readonly Row[]) => Promise.resolve(pick(rows)[0]),
      showOpenDialog: () => Promise.resolve(window.browsed.map(uri)),
      createQuickPick: () => {
        let accept = (): void => undefined;
        let press = (): void => undefined;
        return {
          selectedItems: [] as readonly Row[],
          show: () => undefined,
          dispose: () => undefined,
          onDidAccept: (listener: () => void) => (accept = listener),
          onDidTriggerButton: (listener: () => void) => (press = listener),
          onDidHide: () => undefined,
          set items(rows: readonly Row[]) {
            this.selectedItems = pick(rows);
            setTimeout(this.selectedItems.length > 0 ? accept : press);
          },
        };
      },
    },
    workspace: {
      asRelativePath: ({ path }: { readonly path: string }) => path.replace('/w/', ''),
      findFiles: () => Promise.resolve(window.files.map(uri)),
      fs: {
        stat: ({ path }: { readonly path: string }) =>
          [...window.files, ...window.elsewhere].includes(path) ? Promise.resolve({}) : Promise.reject(new Error('no')),
      },
    },
  };
});

let storage: Memento;
beforeEach(() => {
  const kept = new Map<string, unknown>();
  storage = {
    keys: () => [...kept.keys()],
    get: (key: string, other?: unknown) => kept.get(key) ?? other,
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  } as Memento;
});

/** Opens the list of one; takes this row, or browses to this file. @returns what was shown */
async function shown(
  { row = '', browsed = '' },
  taken?: readonly string[],
): Promise<{ readonly rows: readonly string[]; readonly picked: string | undefined }> {
  window.takes = ({ label }) => label === row || (row === '' && label === 'Browse…');
  window.browsed = browsed === '' ? [] : [browsed];
  const first = taken && { title: 'Taken', among: () => Promise.resolve(taken) };
  const picked = await pickNexusFile(storage, 'Sample', first);
  return { rows: window.rows.map(({ label, kind }) => (kind === -1 ? `— ${label}` : label)), picked: picked?.path };
}

describe('the list of files', () => {
  it('has no headings as long as nothing was picked', async () => {
    expect(await shown({ row: 'b.nxs' })).toEqual({ rows: ['a.nxs', 'b.nxs', 'c.nxs', 'Browse…'], picked: '/w/b.nxs' });
  });

  it('has what was picked last above all others, the last one first, also from elsewhere', async () => {
    await shown({ row: 'b.nxs' });
    await shown({ browsed: '/far/x.nxs.ngv' });
    const { rows, picked } = await shown({ row: 'x.nxs.ngv' });
    expect(rows).toEqual(['— Recently Used', 'x.nxs.ngv', 'b.nxs', '— Others', 'a.nxs', 'c.nxs', 'Browse…']);
    expect(picked).toBe('/far/x.nxs.ngv');
  });

  it('has what the schema takes above that, each file once, and tries files from elsewhere, too', async () => {
    await shown({ row: 'b.nxs' });
    await shown({ browsed: '/far/x.nxs.ngv' });
    const { rows } = await shown({ row: 'a.nxs' }, ['/w/c.nxs', '/far/x.nxs.ngv']);
    expect(rows).toEqual([
      ...['— Taken', 'c.nxs', 'x.nxs.ngv', '— Recently Used', 'b.nxs', '— Others', 'a.nxs', 'Browse…'],
    ]);
  });

  it.each([
    ['a change of mind', {}, ['a.nxs', 'b.nxs', 'c.nxs', 'Browse…']],
    ['a file that has gone', { browsed: '/far/gone.nxs' }, ['a.nxs', 'b.nxs', 'c.nxs', 'Browse…']],
  ])('keeps nothing of %s', async (_, does, rows) => {
    await shown(does);
    expect((await shown({})).rows).toEqual(rows);
  });

  it('of several has archives only where they are taken', async () => {
    window.takes = () => false;
    window.browsed = ['/far/y.zip', '/w/c.nxs'];
    const picked = await pickFiles(storage, 'Ingest', { takesArchives: true });
    expect(picked.map(({ path }: Uri) => path)).toEqual(window.browsed);
    window.takes = ({ label }) => label === 'y.zip';
    expect((await pickFiles(storage, 'Ingest', { takesArchives: true })).map(({ path }) => path)).toEqual([
      '/far/y.zip',
    ]);
    expect((await shown({})).rows).toEqual(['— Recently Used', 'c.nxs', '— Others', 'a.nxs', 'b.nxs', 'Browse…']);
  });
});
