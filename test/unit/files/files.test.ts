import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, renameSync, rmSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { appendFile, chmod, mkdir, readFile, readdir, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { checksumFile, digestFile, digestListed, digestNow, identityOf } from '../../../core/files/checksum.ts';
import { loadConfig } from '../../../core/config/config.ts';
import { listDataFiles } from '../../../core/ingest/plan/dataFileList.ts';
import { FileError } from '../../../core/files/fileError.ts';
import { digestFiles } from '../../../core/files/fileHasher.ts';
import { startDigest } from '../../../core/files/digest.ts';
import { describeBatches, describeFiles, recordedPath } from '../../../core/files/describeFiles.ts';
import type { DataFileEntry, DescribeOptions, FilesProgress } from '../../../core/files/describeFiles.ts';
import { absolutePath, pathBelow, pathStem, pathlibText } from '../../../core/files/pathlibPath.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
const conformance = path.resolve(import.meta.dirname, '../../conformance');
const describeAll: DescribeOptions = { computeFileStats: true, computeFileHash: true, fileHashAlgorithm: 'blake2b' };

async function builtWorker(folder: string): Promise<string> {
  const outfile = path.join(folder, 'checksumWorker.mjs');
  const entry = path.resolve(import.meta.dirname, '../../../core/files/checksumWorker.ts');
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile });
  return outfile;
}

type TableRow = Readonly<Record<string, string>>;
async function rowsOf(table: string): Promise<TableRow[]> {
  const { rows } = JSON.parse(await readFile(path.join(conformance, 'tables', `${table}.json`), 'utf8')) as {
    rows: TableRow[];
  };
  return rows;
}

async function collect<T = DataFileEntry>(files: AsyncIterable<T>): Promise<T[]> {
  const entries: T[] = [];
  for await (const entry of files) entries.push(entry);
  return entries;
}

describe('paths', () => {
  it('print as pathlib prints them', async () => {
    for (const row of await rowsOf('pathlib')) {
      expect([row['in'], pathlibText(row['in']!), pathStem(row['in']!)]).toEqual([
        row['in'],
        row['as_posix'],
        row['stem'],
      ]);
    }
  });

  it('are relative to a folder as in pathlib', async () => {
    for (const row of await rowsOf('relative-to')) {
      expect([row, pathBelow(row['path']!, row['base']!)]).toEqual([row, row['value']]);
    }
  });

  it('become absolute without looking at `..`', () => {
    expect(absolutePath('./a/../b', '/c')).toBe('/c/a/../b');
    expect(absolutePath('/a//b/', '/c')).toBe('/a/b');
  });

  it('below sourceFolder are recorded relative to it, others refused', () => {
    expect(recordedPath('/data/2025/raw/run.hdf', 'relative', '/data/2025/')).toBe('raw/run.hdf');
    expect(recordedPath('/data/2025/raw/run.hdf', 'absolute', '/elsewhere')).toBe('/data/2025/raw/run.hdf');
    expect(() => recordedPath('/data/run.hdf', 'relative', '/data2')).toThrow(/not below sourceFolder '\/data2'/);
  });

  it('are relative to sourceFolder through links to folders, whichever of the two goes through one', async () => {
    const folder = await newFolder();
    await mkdir(path.join(folder, 'real/raw'), { recursive: true });
    await writeFile(path.join(folder, 'real/raw/run.hdf'), '');
    await writeFile(path.join(folder, 'other.hdf'), '');
    await symlink('real', path.join(folder, 'link'));
    await symlink('run.hdf', path.join(folder, 'real/raw/latest.hdf'));
    await symlink('../../other.hdf', path.join(folder, 'real/raw/other.hdf'));
    const recorded = (file: string, base: string): string =>
      recordedPath(path.join(folder, file), 'relative', path.join(folder, base));
    expect(recorded('real/raw/run.hdf', 'link')).toBe('raw/run.hdf');
    expect(recorded('link/raw/run.hdf', 'real')).toBe('raw/run.hdf');
    // A file keeps the name that it was given by.
    expect(recorded('real/raw/latest.hdf', 'link')).toBe('raw/latest.hdf');
    expect(recorded('real/raw/other.hdf', 'link')).toBe('raw/other.hdf');
    expect(() => recorded('other.hdf', 'link')).toThrow('not below sourceFolder');
    expect(() => recorded('real/raw/run.hdf', 'gone')).toThrow('not below sourceFolder');
  });
});

describe('checksums', () => {
  it('of the recorded files are those of the Python ingestor', async () => {
    const vector = JSON.parse(
      await readFile(path.join(conformance, 'vectors', 'files-absolute-source-folder-variable.json'), 'utf8'),
    ) as { nexus_file_built: string; expect: { origdatablock: { dataFileList: { chk: string }[] } } };
    const file = path.join(conformance, 'nexus', path.basename(vector.nexus_file_built));
    const chk = await checksumFile(file, { algorithm: 'blake2b' });
    expect(chk).toBe(vector.expect.origdatablock.dataFileList[0]!.chk);
  });

  const mebibyte = 1024 * 1024;
  it.each([0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 3 * mebibyte, 7 * mebibyte + 123, 70 * mebibyte])(
    'of %i bytes cover every byte in its order, however busy the cores are',
    async (size) => {
      const file = path.join(await newFolder(), 'file');
      const bytes = Buffer.alloc(size);
      for (let at = 0; at < size; at += 4093) bytes[at] = at % 251;
      await writeFile(file, bytes);
      const expected = createHash('blake2b512').update(bytes).digest('hex');
      expect(await checksumFile(file, { algorithm: 'blake2b' })).toBe(expected);
      expect(await checksumFile(file, { algorithm: 'blake2b', isCrowded: () => true })).toBe(expected);
      let asked = 0;
      expect(await checksumFile(file, { algorithm: 'blake2b', isCrowded: () => asked++ % 2 === 0 })).toBe(expected);
    },
  );

  it.each([
    ['sha256', 64],
    ['sha3_256', 64],
    ['md5', 32],
    ['blake2s', 64],
    ['SHA512_256', 64],
  ])('by %s have %i digits', async (algorithm, digits) => {
    const file = path.join(await newFolder(), 'file');
    await writeFile(file, 'x');
    expect(await checksumFile(file, { algorithm })).toHaveLength(digits);
  });

  it.each(['blake3', 'shake_128', ''])('by %s are refused in words', async (algorithm) => {
    await expect(checksumFile('any', { algorithm })).rejects.toMatchObject({ code: 'hash-algorithm' });
  });

  it.each([0, 1, 70_000])('of %i bytes at once are the same, and notice a change', async (size) => {
    const file = path.join(await newFolder(), 'file');
    await writeFile(file, Buffer.alloc(size, 7));
    const identity = identityOf(await stat(file, { bigint: true }));
    expect(digestNow(file, size, ['blake2b'], identity)).toEqual([await checksumFile(file, { algorithm: 'blake2b' })]);
    expect(() => digestNow(file, size, ['blake3'], identity)).toThrow(
      expect.objectContaining({ code: 'hash-algorithm' }),
    );
    const changed = expect.objectContaining({ code: 'file-changed' }) as Error;
    expect(() => digestNow(file, size + 1, ['blake2b'], identity)).toThrow(changed);
    await appendFile(file, 'more');
    expect(() => digestNow(file, size, ['blake2b'], identity)).toThrow(changed);
    expect(() => digestNow(`${file}s`, size, ['blake2b'], identity)).toThrow('it does not exist');
  });

  it.each([0, 1, 70_000])('of %i bytes that were listed are the same, and notice another size', async (size) => {
    const file = path.join(await newFolder(), 'file');
    await writeFile(file, Buffer.alloc(size, 7));
    const algorithms = ['blake2b', 'sha256', 'adler32', 'git-blob'];
    expect(digestListed(file, size, algorithms)).toEqual(await digestFile(file, { algorithms }));
    const unknown = expect.objectContaining({ code: 'hash-algorithm' }) as Error;
    expect(() => digestListed(file, size, ['blake3'])).toThrow(unknown);
    const changed = expect.objectContaining({ code: 'file-changed' }) as Error;
    expect(() => digestListed(file, size + 1, algorithms)).toThrow(changed);
    await appendFile(file, 'more');
    expect(() => digestListed(file, size, algorithms)).toThrow(changed);
    expect(() => digestListed(`${file}s`, size, algorithms)).toThrow('it does not exist');
  });

  it.runIf(process.platform === 'linux')(
    'of what has come in the place of a listed file are not waited for',
    async () => {
      const folder = await newFolder();
      await writeFile(path.join(folder, 'file'), 'data');
      await symlink('file', path.join(folder, 'link'));
      execFileSync('mkfifo', [path.join(folder, 'fifo')]);
      for (const name of ['link', 'fifo'])
        expect(() => digestListed(path.join(folder, name), 4, ['sha256'])).toThrow(FileError);
    },
  );

  it('of small and big files by turns come in the order of the files', async () => {
    const folder = await newFolder();
    const bytes = Buffer.alloc(600_000, 5);
    const sizes = [
      ...Array.from({ length: 100 }, (_, index) => index),
      ...Array.from({ length: 150 }, (_, index) => (index % 2 === 0 ? 300_000 + index : index)),
      ...Array.from({ length: 200 }, (_, index) => index),
    ];
    const files = sizes.map((size, index) => ({
      path: path.join(folder, String(index)),
      size,
      algorithms: ['sha256'],
    }));
    for (const { path: file, size } of files) await writeFile(file, bytes.subarray(0, size));
    const told: number[] = [];
    const found: string[] = [];
    const onProgress = (done: number): void => void told.push(done);
    for await (const { file, digests } of digestFiles(files, { onProgress }))
      found.push(`${file.size} ${digests.join()}`);
    expect(found).toEqual(sizes.map((size) => `${size} ${createHash('sha256').update(bytes.subarray(0, size)).digest('hex')}`)); // prettier-ignore
    expect(told.at(-1)).toBe(sizes.reduce((sum, size) => sum + size, 0));
    const stopped = AbortSignal.abort(new Error('enough'));
    await expect(collect(digestFiles(files, { signal: stopped }))).rejects.toThrow('enough');
  });

  it('fail clearly when the file grows meanwhile', async () => {
    const file = path.join(await newFolder(), 'growing');
    await writeFile(file, Buffer.alloc(4 * mebibyte));
    const identity = identityOf(await stat(file, { bigint: true }));
    await appendFile(file, 'more');
    await expect(checksumFile(file, { algorithm: 'blake2b', identity })).rejects.toMatchObject({
      code: 'file-changed',
    });
  });

  const replace = (file: string): void => {
    const { atime, mtime } = statSync(file);
    copyFileSync(file, `${file}.new`);
    utimesSync(`${file}.new`, atime, mtime);
    renameSync(`${file}.new`, file);
  };
  it.each([
    [
      'grows',
      (file: string): void => {
        appendFileSync(file, 'more');
      },
      'changed while',
    ],
    [
      'shrinks',
      (file: string): void => {
        truncateSync(file, 5);
      },
      'changed while',
    ],
    [
      'is written anew',
      (file: string): void => {
        utimesSync(file, 1, 1);
      },
      'changed while',
    ],
    ['is replaced by another of its length and time', replace, 'changed while'],
    [
      'is deleted',
      (file: string): void => {
        rmSync(file);
      },
      'it does not exist',
    ],
  ])('fail clearly when the file %s while it is read', async (_, change, reason) => {
    const file = path.join(await newFolder(), 'file');
    await writeFile(file, Buffer.alloc(2 * mebibyte));
    // A whole second, which can be set again exactly.
    utimesSync(file, 1_700_000_000, 1_700_000_000);
    let isChanged = false;
    // Asked once the file is open.
    const isCrowded = (): boolean => {
      if (!isChanged) change(file);
      isChanged = true;
      return false;
    };
    await expect(checksumFile(file, { algorithm: 'sha256', isCrowded })).rejects.toThrow(reason);
    expect(isChanged).toBe(true);
  });

  it.each([false, true])('stop when aborted, busy cores: %s', async (isCrowded) => {
    const file = path.join(await newFolder(), 'file');
    await writeFile(file, Buffer.alloc(8 * mebibyte));
    const controller = new AbortController();
    const { signal } = controller;
    const checksum = checksumFile(file, { algorithm: 'blake2b', signal, isCrowded: () => isCrowded });
    controller.abort(new Error('enough'));
    await expect(checksum).rejects.toThrow('enough');
  });
});

describe('describing files', () => {
  it('gives what the Python ingestor records', async () => {
    const folder = await newFolder();
    await writeFile(path.join(folder, 'run.hdf'), 'data');
    await chmod(path.join(folder, 'run.hdf'), 0o4755);
    const found = await stat(path.join(folder, 'run.hdf'));
    const options = { ...describeAll, workingDirectory: folder };
    expect(await collect(describeFiles(['./run.hdf'], options))).toEqual([
      {
        path: `${folder}/run.hdf`,
        size: 4,
        time: `${found.ctime.toISOString().slice(0, 19)}.000Z`,
        uid: String(found.uid),
        gid: String(found.gid),
        perm: '0o104755',
        chk: createHash('blake2b512').update('data').digest('hex'),
      },
    ]);
    const bare = { ...options, computeFileStats: false, computeFileHash: false };
    expect(await collect(describeFiles(['run.hdf'], bare))).toMatchObject([
      { size: null, uid: null, gid: null, perm: null, chk: null },
    ]);
  });

  it('keeps the order of long lists and tells how far it is', async () => {
    const folder = await newFolder();
    const names = Array.from({ length: 500 }, (_, index) => path.join(folder, `${(index * 7919) % 500}.dat`));
    for (const name of names) await writeFile(name, 'x'.repeat(Number(path.parse(name).name)));
    const news: FilesProgress[] = [];
    const entries = await collect(describeFiles(names, describeAll, undefined, (progress) => news.push(progress)));
    expect(entries.map(({ path: file }) => file)).toEqual(names);
    expect(news.at(-1)).toMatchObject({ filesDone: 500, bytesDone: (499 * 500) / 2 });
  });

  it.each([
    ['missing', 'it does not exist'],
    ['.', 'is not a file'],
  ])('refuses %s', async (name, reason) => {
    const folder = await newFolder();
    const batches = describeBatches([[path.join(folder, name)]], { ...describeAll, computeFileHash: false });
    await expect(batches.next()).rejects.toThrow(reason);
    await expect(collect(describeFiles([path.join(folder, name)], describeAll))).rejects.toThrow(reason);
  });

  it('of long lists keeps their order, batch by batch, and can be broken off', async () => {
    const folder = await newFolder();
    const names = Array.from({ length: 3000 }, (_, index) => path.join(folder, `${(index * 7919) % 3000}.dat`));
    for (const [index, name] of names.entries()) await writeFile(name, 'x'.repeat(index % 10));
    const batches = [names.slice(0, 1), [], names.slice(1, 2500), names.slice(2500)];
    for (const computeFileHash of [false, true]) {
      const entries: DataFileEntry[] = [];
      for await (const batch of describeBatches(batches, { ...describeAll, computeFileHash })) entries.push(...batch);
      expect(entries.map(({ path: file, size }) => [file, size])).toEqual(
        names.map((name, index) => [name, index % 10]),
      );
      expect(entries.every(({ chk }) => (chk !== null) === computeFileHash)).toBe(true);
      const controller = new AbortController();
      setImmediate(() => {
        controller.abort(new Error('enough'));
      });
      const brokenOff = (async () => {
        for await (const batch of describeBatches(
          [names, names, names],
          { ...describeAll, computeFileHash },
          controller.signal,
        )) {
          expect(batch.length).toBeGreaterThan(0);
        }
      })();
      await expect(brokenOff).rejects.toThrow('enough');
    }
  });

  it('reads only so far ahead as it is asked for', async () => {
    const folder = await newFolder();
    await writeFile(path.join(folder, 'a'), 'a');
    let asked = 0;
    function* endless(): Generator<string> {
      for (;;) {
        asked += 1;
        yield path.join(folder, 'a');
      }
    }
    for await (const entry of describeFiles(endless(), describeAll)) {
      expect(entry.size).toBe(1);
      break;
    }
    expect(asked).toBeLessThan(100);
  });

  it('of many big files takes each thread for one after the other', async () => {
    const folder = await newFolder();
    const files = Array.from({ length: 24 }, (_, index) => path.join(folder, `${index}.nxs`));
    for (const file of files) {
      await writeFile(file, '');
      await truncate(file, 17 * 1024 * 1024);
    }
    const given = files.map((file) => ({ path: file, algorithms: ['adler32'] }));
    const workerFile = await builtWorker(folder);
    const all: (readonly string[])[] = [];
    for await (const { digests } of digestFiles(given, { parallel: 3, workerFile })) all.push(digests);
    expect(new Set(all.flat()).size).toBe(1);
    expect(all).toHaveLength(files.length);
  });

  it('of several big files works in threads, with the same checksums', async () => {
    const folder = await newFolder();
    const workerFile = await builtWorker(folder);
    const names = ['a', 'b', 'c'].map((name) => path.join(folder, name));
    const size = 17 * 1024 * 1024;
    for (const [index, name] of names.entries()) await writeFile(name, Buffer.alloc(size, index));
    const options = { ...describeAll, parallel: 2, workerFile };
    const entries = await collect(describeFiles(names, options));
    expect(entries.map(({ chk }) => chk)).toEqual(
      names.map((_, index) => createHash('blake2b512').update(Buffer.alloc(size, index)).digest('hex')),
    );
    await expect(collect(describeFiles([...names, path.join(folder, 'd')], options))).rejects.toMatchObject({
      code: 'file-unreadable',
    });
    const stop = AbortSignal.timeout(1);
    await expect(collect(describeFiles(names, options, stop))).rejects.toMatchObject({ name: 'TimeoutError' });
    const algorithms = ['sha512', 'md5', 'adler32'];
    const told: number[] = [];
    const onProgress = (bytes: number): void => void told.push(bytes);
    const all: (readonly string[])[] = [];
    const given = names.map((name) => ({ path: name, algorithms }));
    for await (const { digests } of digestFiles(given, { parallel: 2, workerFile, onProgress })) all.push(digests);
    for (const [index, digests] of all.entries()) {
      const content = Buffer.alloc(size, index);
      expect(digests).toEqual(
        algorithms.map((algorithm) => {
          const digest = startDigest(algorithm, size);
          digest?.update(content);
          return digest?.digest();
        }),
      );
    }
    expect(told.at(-1)).toBe(names.length * size);
    expect(told).toEqual([...told].sort((one, other) => one - other));
  });
});

describe('the files of a dataset', () => {
  async function setUp(text: string) {
    const folder = await newFolder();
    await mkdir(path.join(folder, 'raw'));
    await writeFile(path.join(folder, 'raw', '123_0001.hdf'), 'data');
    await writeFile(path.join(folder, 'message.json'), '{}');
    return { folder, dataFile: path.join(folder, 'raw', '123_0001.hdf'), config: loadConfig({ text }).config };
  }

  it('are the data file, its checksum file and the message; planning writes nothing', async () => {
    const { folder, dataFile, config } = await setUp('{}');
    const list = await listDataFiles({ dataFile, messageFile: path.join(folder, 'message.json') }, config);
    expect(list.entries.map(({ path: file, chk }) => [path.relative(folder, file), chk?.length])).toEqual([
      ['raw/123_0001.hdf', 128],
      ['ingestor/123_0001.b2b', undefined],
      ['message.json', 128],
    ]);
    expect(list.entries[1]).toMatchObject({ size: 128, chk: null, perm: '0o100644' });
    expect(list.toWrite).toEqual([{ path: `${folder}/ingestor/123_0001.b2b`, content: list.entries[0]!.chk }]);
    expect((await readdir(folder)).sort()).toEqual(['message.json', 'raw']);
  });

  it('do not list a checksum file without a checksum', async () => {
    const { dataFile, config } = await setUp('{"ingestion": {"file_handling": {"compute_file_hash": false}}}');
    const list = await listDataFiles({ dataFile }, config);
    expect(list.entries).toHaveLength(1);
    expect(list.toWrite).toEqual([]);
  });

  it('find the ingestor folder beside the real folder of the data', async () => {
    const { folder, config } = await setUp('{}');
    await mkdir(path.join(folder, 'links'));
    await symlink(path.join(folder, 'raw'), path.join(folder, 'links', 'raw'));
    const list = await listDataFiles({ dataFile: path.join(folder, 'links', 'raw', '123_0001.hdf') }, config);
    expect(list.toWrite[0]?.path).toBe(`${folder}/ingestor/123_0001.b2b`);
    expect(list.entries[0]?.path).toBe(`${folder}/links/raw/123_0001.hdf`);
  });
});

describe.skipIf(!hasB2sum())('against b2sum', () => {
  it('the digest is the same', async () => {
    const file = path.join(await newFolder(), 'file');
    await writeFile(file, 'The quick brown fox');
    const theirs = execFileSync('b2sum', [file], { encoding: 'utf8' }).split(' ')[0];
    expect(await checksumFile(file, { algorithm: 'blake2b' })).toBe(theirs);
  });
});

function hasB2sum(): boolean {
  try {
    execFileSync('b2sum', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
