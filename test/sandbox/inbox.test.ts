import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../core/config/config.ts';
import { FileError } from '../../core/files/fileError.ts';
import { Jobs } from '../../core/jobs/jobs.ts';
import { announcedByWrdn } from '../../gateway/kafka/wrdn.ts';
import { Inbox } from '../../gateway/online/inbox.ts';
import type { Fate } from '../../gateway/online/inbox.ts';
import type { Heard } from '../../gateway/online/source.ts';
import { corpus } from '../unit/gateway/kafka/corpus.ts';

const root = mkdtempSync(path.join(tmpdir(), 'imsc-inbox-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let jobs: Jobs;
beforeEach(() => {
  jobs = new Jobs({ folder: mkdtempSync(path.join(root, 'store-')) });
});

function inbox(dataDirectory = ''): Inbox {
  const text = JSON.stringify({
    scicat: { host: 'http://localhost:1/api/v3' },
    ingestion: { file_handling: { data_directory: dataDirectory } },
  });
  return new Inbox({ jobs, config: loadConfig({ text, isOnline: true }).config });
}

function takeMessage(box: Inbox, message: Heard): Promise<Fate> {
  return box.take('kafka', announcedByWrdn(message.bytes), message);
}

function takeFile(box: Inbox, file: string, found: Heard): Promise<Fate> {
  return box.take('folder', { kind: 'file', file }, found);
}

const bytesOf = (file: string): Uint8Array | null => corpus.find((each) => each.file === file)?.bytes ?? null;

function heard(file: string, offset = 0, topic = 'loki'): Heard {
  return { key: `${topic}/0/${offset}@1`, place: { topic, partition: 0, offset }, bytes: bytesOf(file) };
}

/** A message about another file: the name in 08-missing-file.bin with its letters changed. */
function about(name: string, offset: number): Heard {
  const bytes = Buffer.from(bytesOf('08-missing-file.bin') ?? []);
  const at = bytes.indexOf('/nowhere/at/all/000000_00000000.hdf');
  bytes.write(name.padEnd(35, '_').slice(0, 35), at, 'latin1');
  return { ...heard('08-missing-file.bin', offset), bytes };
}

const fateOf: Readonly<Record<string, string>> = {
  ingest: 'recorded',
  'retry, then put aside': 'recorded',
  'ingest below data_directory, or put aside': 'aside',
  'skip: error_encountered': 'failed-writing',
  'put aside': 'aside',
  'put aside (or ingest without job id)': 'aside',
  ignore: 'other',
  'ignore: other identifier': 'other',
};

describe('a message', () => {
  it.each(
    corpus.filter(({ expect: meant }) => meant in fateOf).map((each) => [each.file ?? 'no value', each] as const),
  )('%s comes to what it should, and once', async (_, { expect: meant, bytes }) => {
    const box = inbox();
    const message = { ...heard(''), bytes };
    expect(await takeMessage(box, message)).toBe(fateOf[meant]);
    const kept = fateOf[meant] === 'recorded' || fateOf[meant] === 'aside';
    expect((await jobs.list()).total).toBe(kept ? 1 : 0);
    // As after a rebalance, and as another process hears it.
    expect(await takeMessage(inbox(), message)).toBe(kept ? 'known' : fateOf[meant]);
    expect((await jobs.list()).total).toBe(kept ? 1 : 0);
  });

  it('is a job that waits, with what the Python ingestor would write', async () => {
    await takeMessage(inbox(), heard('01-normal.bin', 7));
    const { jobs: all } = await jobs.list();
    expect(all).toMatchObject([
      {
        status: 'deposited',
        protocol: 'kafka',
        tag: '99999901-3947-5a87-8377-a85c111f18ba',
        request: {
          dataFile: '/ess/raw/coda/2026/999999/raw/999999_00013947.hdf',
          messageFile: '/ess/raw/coda/2026/999999/ingestor/999999_00013947.message.json',
          options: { protocol: { topic: 'loki', partition: 0, offset: 7 } },
        },
      },
    ]);
    const [job] = all;
    const file = await jobs.partFile(job?.id ?? '', job?.parts[0]?.id ?? '');
    expect(JSON.parse(readFileSync(file ?? '', 'utf8'))).toMatchObject({ 0: 'filewriter-0625:1234', length: 6 });
  });

  it('that cannot be used is put aside with its bytes, its place and why', async () => {
    await takeMessage(inbox(), heard('18-string-length-huge.bin', 4));
    const [job] = (await jobs.list()).jobs;
    expect(job).toMatchObject({
      status: 'rejected',
      slug: 'loki/0/4@1',
      request: { options: { protocol: { topic: 'loki', partition: 0, offset: 4 } } },
      statusDetail: [
        { code: 'message', message: 'A message cannot be used (loki/0/4@1): Its file_name reaches beyond its end.' },
      ],
    });
    const file = await jobs.partFile(job?.id ?? '', job?.parts[0]?.id ?? '');
    expect(readFileSync(file ?? '')).toEqual(bytesOf('18-string-length-huge.bin'));
    expect(await jobs.countOpen()).toBe(0);
  });

  it('with a relative name begins in the data directory', async () => {
    expect(await takeMessage(inbox('/data'), heard('09-relative-file-name.bin'))).toBe('recorded');
    expect((await jobs.list()).jobs[0]?.request.dataFile).toBe('/data/raw/999999_00013950.hdf');
  });
});

describe('a file', () => {
  it('that waits already waits once, by whatever name it is called, from one topic or two', async () => {
    const folder = mkdtempSync(path.join(root, 'd'));
    mkdirSync(path.join(folder, 'real'));
    symlinkSync(path.join(folder, 'real'), path.join(folder, 'link'));
    writeFileSync(path.join(folder, 'real', 'a'), '');
    const box = inbox();
    const place = { topic: 'x', partition: 0, offset: 1 };
    expect(await takeFile(box, path.join(folder, 'real', 'a'), { key: 'x/0/1@1', place, bytes: null })).toBe(
      'recorded',
    );
    expect(await takeFile(box, path.join(folder, 'link', 'a'), { key: 'y/0/1@1', place, bytes: null })).toBe('known');
    expect((await jobs.list()).total).toBe(1);
    expect(await takeMessage(box, heard('01-normal.bin', 1, 'loki'))).toBe('recorded');
    expect(await takeMessage(box, heard('31-repeat-of-01.bin', 9, 'freia'))).toBe('known');
    expect(await takeMessage(box, heard('30-same-job-other-file.bin', 2))).toBe('recorded');
  });

  it('that several processes hear of at once waits once', async () => {
    const boxes = Array.from({ length: 4 }, () => inbox());
    const messages = boxes.map((_, offset) => heard('01-normal.bin', offset, `topic${offset}`));
    const taken = await Promise.all(boxes.map((box, index) => takeMessage(box, messages[index] ?? heard(''))));
    expect(taken.sort()).toEqual(['known', 'known', 'known', 'recorded']);
    expect((await jobs.list()).total).toBe(1);
  });

  it('waits once, too, while a worker has its job and has not begun', async () => {
    await takeMessage(inbox(), heard('01-normal.bin', 1));
    const [job] = (await jobs.list()).jobs;
    const held = await jobs.journal.openJob(job?.id ?? '');
    expect(await takeMessage(inbox(), heard('01-normal.bin', 2))).toBe('known');
    await held?.step('extract', 'started');
    expect(await takeMessage(inbox(), heard('01-normal.bin', 3))).toBe('recorded');
    await held?.close();
  });

  it('of which it cannot be read whether it was heard of is heard again, and no job is made twice', async () => {
    await takeMessage(inbox(), heard('01-normal.bin', 1));
    vi.spyOn(jobs, 'mark').mockRejectedValueOnce(new FileError('journal-unwritable', 'The database is away.'));
    await expect(takeMessage(inbox(), heard('01-normal.bin', 1))).rejects.toThrow('The database is away.');
    expect(await takeMessage(inbox(), heard('01-normal.bin', 1))).toBe('known');
    expect((await jobs.list()).total).toBe(1);
  });

  it('that is announced again after its job has ended is asked for again; the same message is not', async () => {
    const box = inbox();
    await takeMessage(box, heard('01-normal.bin', 1));
    const [job] = (await jobs.list()).jobs;
    await jobs.cancel(job?.id ?? '');
    expect(await takeMessage(inbox(), heard('01-normal.bin', 1))).toBe('known');
    expect(await takeMessage(inbox(), heard('01-normal.bin', 2))).toBe('recorded');
  });

  it('whose job was being made when the process was killed is recorded once', async () => {
    const message = heard('01-normal.bin', 3);
    // Killed before the job, while it was made, and behind it.
    for (const [isMade, isComplete, fate] of [
      [false, false, 'recorded'],
      [true, false, 'recorded'],
      [true, true, 'known'],
    ] as const) {
      // prettier-ignore
      jobs = new Jobs({ folder: mkdtempSync(path.join(root, 'store-')) });
      const killed = new Jobs({ folder: jobs.folder });
      killed.enter = async (draft) => {
        if (isMade) await jobs.create({ ...draft, isComplete });
        throw new Error('killed');
      };
      const text = '{"scicat": {"host": "http://localhost:1/api/v3"}}';
      const box = new Inbox({ jobs: killed, config: loadConfig({ text }).config });
      await expect(takeMessage(box, message)).rejects.toThrow('killed');
      expect(await takeMessage(inbox(), message)).toBe(fate);
      expect((await jobs.list()).jobs.map(({ status }) => status)).toEqual(['deposited']);
    }
  });

  it('that has waited for months is not tidied away', async () => {
    await takeMessage(inbox(), heard('01-normal.bin', 1));
    await jobs.expire({ now: Date.now() + 400 * 24 * 60 * 60 * 1000 });
    await jobs.journal.tidy(-1);
    expect(await jobs.countOpen()).toBe(1);
  });

  it('is forgotten when it is old, its job and its record are gone, and it will not be heard again', async () => {
    const box = inbox();
    const isGone = (key: string): boolean => key !== 'loki/0/9@1';
    const tidy = (afterDays: number): Promise<void> =>
      box.tidy(() => Promise.resolve(isGone), Date.now() + afterDays * 24 * 60 * 60 * 1000);
    const away = async (): Promise<void> => {
      for (const { id } of (await jobs.list()).jobs) {
        await jobs.cancel(id);
        await jobs.drop(id);
      }
    };
    const message = heard('01-normal.bin', 1);
    await takeMessage(box, message);
    await takeMessage(box, heard('14-truncated-half.bin', 2));
    await jobs.setMark('["made","/folder"]', '{"folder":"/folder","pid":"x"}');
    // Its job waits, however long ago it was heard.
    await tidy(400);
    expect(await takeMessage(box, message)).toBe('known');
    await away();
    await tidy(89);
    expect(await takeMessage(box, message)).toBe('known');
    await tidy(91);
    expect(await jobs.mark('["made","/folder"]')).toBeDefined();
    expect((await jobs.oldMarks(Infinity, '', 100)).marks).toHaveLength(1);
    // One message about it may be heard again.
    await takeMessage(box, heard('01-normal.bin', 9));
    await takeMessage(box, heard('01-normal.bin', 10));
    await away();
    await tidy(400);
    expect(await takeMessage(box, heard('01-normal.bin', 9))).toBe('known');
    expect(await takeMessage(box, heard('01-normal.bin', 10))).toBe('known');
  });

  it('is remembered where a process was killed while it made the job', async () => {
    const killed = new Jobs({ folder: jobs.folder });
    killed.enter = () => Promise.reject(new Error('killed'));
    const box = new Inbox({
      jobs: killed,
      config: loadConfig({ text: '{"scicat": {"host": "http://localhost:1"}}' }).config,
    });
    await expect(takeMessage(box, heard('01-normal.bin', 1))).rejects.toThrow('killed');
    await box.tidy(() => Promise.resolve(() => true), Date.now() + 400 * 24 * 60 * 60 * 1000);
    expect((await jobs.oldMarks(Infinity, '', 100)).marks).toHaveLength(1);
  });

  it('waits once, too, when a hundred messages about three files are taken at the same time', async () => {
    const box = inbox();
    const names = Array.from({ length: 100 }, (_, index) => `/nowhere/${String(index % 3)}_`.padEnd(35, '_'));
    const fates = await Promise.all(names.map((name, index) => takeMessage(box, about(name, index))));
    expect(fates.slice(0, 4)).toEqual(['recorded', 'recorded', 'recorded', 'known']);
    const { jobs: all } = await jobs.list();
    expect(all.map(({ request }) => request.dataFile).reverse()).toEqual(names.slice(0, 3));
  });

  it('waits in its place behind those before it', async () => {
    const box = inbox();
    const names = Array.from({ length: 12 }, (_, index) => `/nowhere/${String(index)}_`.padEnd(35, '_'));
    await Promise.all(names.map((name, index) => takeMessage(box, about(name, index))));
    const { jobs: all } = await jobs.list();
    expect(all.map(({ request }) => request.dataFile).reverse()).toEqual(names);
    expect(existsSync('/nowhere')).toBe(false);
  });
});
