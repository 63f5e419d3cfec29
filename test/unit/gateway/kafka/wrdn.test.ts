import { describe, expect, it } from 'vitest';
import { decodeWrdn, messageFileText } from '../../../../gateway/kafka/wrdn.ts';
import { corpus } from './corpus.ts';

const expected: Readonly<Record<string, string>> = {
  ingest: 'finished',
  'ingest once': 'finished',
  'retry, then put aside': 'finished',
  'ingest below data_directory, or put aside': 'finished',
  'skip: error_encountered': 'finished',
  'put aside': 'damaged',
  'put aside (or ingest without job id)': 'damaged',
  ignore: 'other',
  'ignore: other identifier': 'other',
};

describe('a message of a topic of file writers', () => {
  it.each(corpus.map((message) => [message.file ?? 'no value', message.about, message] as const))(
    '%s: %s',
    (_, __, message) => {
      const decoded = decodeWrdn(message.bytes);
      expect(decoded.kind).toBe(expected[message.expect]);
      if (decoded.kind !== 'finished') return;
      const { serviceId, jobId, hasFailed, fileName, metadata = null, message: text = null } = decoded.finished;
      const large = metadata !== null && metadata.length > 100_000;
      expect({
        service_id: serviceId,
        job_id: jobId,
        error_encountered: hasFailed,
        file_name: fileName,
        metadata: large ? `(${metadata.length} characters of JSON)` : metadata,
        message: text,
      }).toEqual(message.decoded);
    },
  );

  it.each([
    ['18-string-length-huge.bin', 'Its file_name reaches beyond its end.'],
    ['19-file-name-not-utf8.bin', 'Its file_name is not UTF-8.'],
    ['16-root-beyond.bin', 'Its table lies beyond its end.'],
    ['20-empty.bin', 'It has 0 bytes, too few for any message.'],
    ['12-no-job-id.bin', 'It has no job_id.'],
    ['10-empty-file-name.bin', 'It has no file_name.'],
  ])('%s says what is wrong: %s', (file, reason) => {
    const bytes = corpus.find((each) => each.file === file)?.bytes ?? null;
    expect(decodeWrdn(bytes)).toEqual({ kind: 'damaged', reason });
  });

  it('is kept in a file as the Python ingestor keeps it', () => {
    const decoded = decodeWrdn(corpus.find(({ file }) => file === '01-normal.bin')?.bytes ?? null);
    if (decoded.kind !== 'finished') throw new Error(decoded.kind);
    expect(messageFileText(decoded.finished)).toBe(
      '["filewriter-0625:1234","99999901-3947-5a87-8377-a85c111f18ba",false,' +
        '"/ess/raw/coda/2026/999999/raw/999999_00013947.hdf",' +
        '"{\\"hdf_structure\\":null,\\"extra\\":{\\"proposal\\":\\"999999\\"}}","Writing done"]',
    );
  });
});

/** The same numbers each time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Change = (bytes: Buffer, below: (most: number) => number) => Buffer;
const changes: Readonly<Record<string, Change>> = {
  'a byte': (bytes, below) => {
    bytes.writeUInt8(below(256), below(bytes.length));
    return bytes;
  },
  'a bit': (bytes, below) => {
    const at = below(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << below(8)), at);
    return bytes;
  },
  'a number of the structure': (bytes, below) => {
    const at = 4 * below(Math.min(24, Math.floor(bytes.length / 4)));
    const near = (bytes.readUInt32LE(at) + below(41) - 20) >>> 0;
    bytes.writeUInt32LE([near, 0, 0xffffffff, 0x7fffffff, below(bytes.length)][below(5)] ?? 0, at);
    return bytes;
  },
  'a half number of the structure': (bytes, below) => {
    bytes.writeUInt16LE(below(64), 2 * below(Math.min(48, Math.floor(bytes.length / 2))));
    return bytes;
  },
  'its end': (bytes, below) => bytes.subarray(0, below(bytes.length)),
  'bytes put in': (bytes, below) => {
    const at = below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(1 + below(8)), bytes.subarray(at)]);
  },
};

describe('10,000 messages that were damaged', () => {
  const sound = corpus.flatMap(({ bytes, expect: meant, decoded }) =>
    bytes && expected[meant] === 'finished' && bytes.length < 1000 ? [{ bytes, decoded }] : [],
  );

  it('are each understood, left, or put aside with a reason; and no path comes of them that nobody sent', () => {
    const below = random(15);
    const kinds = Object.values(changes);
    const counts = { finished: 0, other: 0, damaged: 0 };
    for (let turn = 0; turn < 10_000; turn++) {
      const { bytes, decoded } = sound[turn % sound.length] ?? { bytes: new Uint8Array() };
      const path = Buffer.from(String(decoded?.['file_name']));
      const place = Buffer.from(bytes).indexOf(path);
      let changed: Buffer = Buffer.from(bytes);
      for (let times = below(3); times >= 0; times--)
        if (changed.length > 8) changed = kinds[below(kinds.length)]?.(Buffer.from(changed), below) ?? changed;
      const result = decodeWrdn(changed);
      counts[result.kind] += 1;
      if (result.kind === 'damaged') expect(result.reason).toMatch(/^It.*\.$/);
      if (result.kind !== 'finished') continue;
      // Where the letters of the path were left alone, it is the path; else it is what stands in its place now.
      const own = changed.subarray(place, place + path.length);
      expect(result.finished.fileName, `message ${turn}`).toBe(own.toString());
    }
    expect(counts.finished).toBeGreaterThan(500);
    expect(counts.damaged).toBeGreaterThan(4000);
  });
});
