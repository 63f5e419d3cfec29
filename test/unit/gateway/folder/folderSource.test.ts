import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderSource } from '../../../../gateway/folder/folderSource.ts';
import type { FolderSourceOptions } from '../../../../gateway/folder/folderSource.ts';

const root = mkdtempSync(path.join(tmpdir(), 'imsc-folder-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let folder: string;
let taken: string[];
let said: string[];
/** What was recorded, as a store would know it. */
let known: Set<string>;
let hasRoom: boolean;
let source: FolderSource;
beforeEach(() => {
  folder = mkdtempSync(path.join(root, 'watched-'));
  [taken, said, known, hasRoom] = [[], [], new Set(), true];
});
afterEach(() => source.stop());

async function watch(options: Partial<FolderSourceOptions> = {}): Promise<FolderSource> {
  source = new FolderSource({
    folders: [folder],
    files: ['**/*.{nxs,hdf}'],
    ignore: ['scratch/**'],
    restMs: 100,
    lookMs: 20,
    take: ({ key, place }) => {
      if (!hasRoom) return Promise.resolve(false);
      known.add(key);
      taken.push(path.relative(folder, String(place['file'])));
      return Promise.resolve(true);
    },
    isKnown: ({ key }) => Promise.resolve(known.has(key)),
    say: (text) => said.push(text),
    onDead: () => undefined,
    ...options,
  });
  await source.start();
  return source;
}

function put(name: string, content = 'a'): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

async function untilTaken(...names: string[]): Promise<void> {
  await vi.waitFor(
    () => {
      expect([...taken].sort()).toEqual(names);
    },
    { timeout: 10_000, interval: 10 },
  );
}

/** Until the source has looked so often as a file needs that rests. */
async function looks(): Promise<void> {
  const before = taken.length;
  put(`mark-${before}.hdf`);
  await vi.waitFor(
    () => {
      expect(taken).toContain(`mark-${before}.hdf`);
    },
    { timeout: 10_000, interval: 10 },
  );
}

describe('a watched folder', () => {
  it('hands on the data files that are there or come, at any depth, once', async () => {
    put('there.nxs');
    put('notes.txt');
    put('scratch/half.nxs');
    await watch();
    await untilTaken('there.nxs');
    put('2026/17/raw/new.hdf');
    await untilTaken('2026/17/raw/new.hdf', 'there.nxs');
    await looks();
    expect(taken).toHaveLength(3);
    expect(source.health()).toMatchObject({ isConnected: true, isPaused: false, lag: 0, restarts: 0 });
  });

  it('begins with the oldest, and does not hand on again what a process before it did', async () => {
    for (const [index, name] of ['b.nxs', 'c.nxs', 'a.nxs'].entries())
      execFileSync('touch', ['-d', `2026-01-0${index + 1}`, put(name)]);
    await watch();
    await untilTaken('a.nxs', 'b.nxs', 'c.nxs');
    expect(taken).toEqual(['b.nxs', 'c.nxs', 'a.nxs']);
    await source.stop();
    taken = [];
    put('d.nxs');
    await watch();
    await untilTaken('d.nxs');
  });

  it('waits while a file grows, or is empty', async () => {
    const growing = put('growing.nxs');
    put('empty.nxs', '');
    await watch({ restMs: 1500 });
    let times = 0;
    const grow = setInterval(() => {
      times += 1;
      appendFileSync(growing, 'more');
    }, 50);
    await vi.waitFor(
      () => {
        expect(times).toBeGreaterThan(20);
      },
      { timeout: 10_000, interval: 20 },
    );
    expect(taken).toEqual([]);
    clearInterval(grow);
    await untilTaken('growing.nxs');
  });

  it('takes a file again that has changed since', async () => {
    put('a.nxs');
    await watch();
    await untilTaken('a.nxs');
    put('a.nxs', 'other');
    await untilTaken('a.nxs', 'a.nxs');
  });

  it('waits for who has it open as HDF5, and for one that was not closed no longer than an hour', async () => {
    // A superblock of version 3 whose flags say that it is written, so that others may read it meanwhile.
    const flagged = Buffer.from('894844460d0a1a0a03080805'.padEnd(96, '0'), 'hex').toString('latin1');
    writeFileSync(path.join(folder, 'swmr.nxs'), flagged, 'latin1');
    await watch();
    await looks();
    expect(taken).not.toContain('swmr.nxs');
    expect(source.health().lag).toBe(1);
    writeFileSync(path.join(folder, 'swmr.nxs'), flagged.replace('\x05', '\x00'), 'latin1');
    await vi.waitFor(
      () => {
        expect(taken).toContain('swmr.nxs');
      },
      { timeout: 10_000, interval: 10 },
    );
    await source.stop();
    taken = [];
    writeFileSync(path.join(folder, 'abandoned.nxs'), flagged, 'latin1');
    await watch({ abandonedMs: 300 });
    await untilTaken('abandoned.nxs');
  });

  it('takes a file again by its new name when its folder is renamed, and no hidden one', async () => {
    put('raw/a.nxs');
    put('.hidden/b.nxs');
    put('raw/.c.nxs');
    await watch();
    await untilTaken('raw/a.nxs');
    renameSync(path.join(folder, 'raw'), path.join(folder, 'checked'));
    await untilTaken('checked/a.nxs', 'raw/a.nxs');
    rmSync(path.join(folder, 'checked'), { recursive: true });
    await looks();
    expect(source.health()).toMatchObject({ isConnected: true, lag: 0 });
    expect(said).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read is told of, and goes on when it may', async () => {
    await watch();
    await looks();
    chmodSync(folder, 0o000);
    await vi.waitFor(() => {
      expect(said).toEqual([`The watched folders cannot be looked at: ${folder} cannot be read: give the user that runs imsc the permission to.`]);
    }, 10_000); // prettier-ignore
    expect(source.health().isConnected).toBe(false);
    await source.stop();
    await expect(watch()).rejects.toThrow(`${folder} cannot be read`);
    chmodSync(folder, 0o755);
    await watch();
    put('a.nxs');
    await vi.waitFor(() => {
      expect(taken).toContain('a.nxs');
    }, 10_000);
  });

  it('follows no links', async () => {
    const outside = path.join(mkdtempSync(path.join(root, 'outside-')), 'secret.nxs');
    writeFileSync(outside, 'a');
    symlinkSync(outside, path.join(folder, 'link.nxs'));
    symlinkSync(path.dirname(outside), path.join(folder, 'folder'));
    await watch();
    await looks();
    expect(taken).toHaveLength(1);
  });

  it('hands nothing on while there is no room', async () => {
    hasRoom = false;
    put('a.nxs');
    await watch();
    await vi.waitFor(
      () => {
        expect(source.health().isPaused).toBe(true);
      },
      { timeout: 15_000 },
    );
    expect(source.health().lag).toBe(1);
    expect(taken).toEqual([]);
    hasRoom = true;
    await untilTaken('a.nxs');
    await vi.waitFor(
      () => {
        expect(source.health()).toMatchObject({ isPaused: false, lag: 0 });
      },
      { timeout: 15_000 },
    );
  });

  it('that is looked at seldom is well between two looks', async () => {
    await watch({ lookMs: 300_000 });
    await vi.waitFor(
      () => {
        expect(source.health().isConnected).toBe(true);
      },
      { timeout: 15_000 },
    );
    expect(source.health().patienceMs).toBeGreaterThan(300_000);
  });

  it('that is away is not well, and goes on when it is back', async () => {
    put('a.nxs');
    await watch();
    await untilTaken('a.nxs');
    renameSync(folder, `${folder}-away`);
    await vi.waitFor(
      () => {
        expect(source.health().isConnected).toBe(false);
      },
      { timeout: 15_000 },
    );
    renameSync(`${folder}-away`, folder);
    put('b.nxs');
    await untilTaken('a.nxs', 'b.nxs');
    expect(source.health().isConnected).toBe(true);
    expect(said).toEqual([
      `The watched folders cannot be looked at: ${folder} is away.`,
      'The watched folders can be looked at again.',
    ]);
  });

  it('that is away does not hold up another one', async () => {
    const other = mkdtempSync(path.join(root, 'other-'));
    await watch({ folders: [folder, other] });
    renameSync(folder, `${folder}-away`);
    await vi.waitFor(
      () => {
        expect(source.health().isConnected).toBe(false);
      },
      { timeout: 15_000 },
    );
    writeFileSync(path.join(other, 'b.nxs'), 'b');
    await untilTaken(path.relative(folder, path.join(other, 'b.nxs')));
    expect(source.health().isConnected).toBe(false);
    expect(said).toEqual([`The watched folders cannot be looked at: ${folder} is away.`]);
  });

  it('cannot be begun where it is not', async () => {
    rmSync(folder, { recursive: true });
    await expect(watch()).rejects.toThrow(`${folder} is no folder`);
  });
});
