import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DidChangeWatchedFilesNotification, FileChangeType } from 'vscode-languageserver-protocol/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, it } from 'vitest';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import * as protocol from '../../server/protocol.ts';
import { hintsOf, open, pathsOffered, problemsOf, root, schema as text, startServer, writeSample } from '../support/browserServer.ts'; // prettier-ignore
import { fileName, inNotation, notations } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';

const folder = temporaryFolder();
const sample = join(folder, 'first.nxs');
await writeSample(sample);
const changed = join(folder, 'changed.nxs');
await writeNexus(changed, [
  { path: '/entry', kind: 'group' },
  { path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Heavy water' },
]);

it.each(notations)('a schema of a repository has its problems and the values of a sample (%s)', async (notation) => {
  const connection = await startServer(new Map([[`${root}/data/first.nxs`, readFileSync(sample)]]));
  const uri = `${root}/${fileName('a', notation)}`;
  const comment = notation === 'json' ? '' : '# imsc-sample: data/first.nxs\n';
  const document = await open(connection, uri, `${comment}${inNotation(text, notation)}`);
  // As the editor calls a file that was chosen.
  const file = protocol.browserPath('vscode-vfs', 'github', '/facility/schemas/data/first.nxs');
  if (notation === 'json') await connection.sendNotification(protocol.chooseSample.method, { uri, file });
  const hints = await hintsOf(connection, document);
  expect(hints).toContain('Water');
  expect(hints).toContain('[3, 4]');
  expect(hints).toContain('1.5');
  const messages = (await problemsOf(connection, uri, 'sample-path-missing')).map(({ message }) => message);
  expect(messages).toContain('first.nxs has no “titel” in /entry. Did you mean “/entry/title”?');
});

it('a file that a page reads gives values and completes its paths', async () => {
  const connection = await startServer(new Map(), sample);
  const uri = `${root}/b.imsc.yml`;
  const document = await open(connection, uri, text);
  await connection.sendNotification(protocol.chooseSample.method, { uri, file: '/dropped:/big.nxs' });
  expect(await hintsOf(connection, document)).toContain('Water');
  expect(await pathsOffered(connection, document)).toMatch(/counts.*packed.*title/);
});

it('a sample of the repository that changes gives its new values', async () => {
  const files = new Map<string, Uint8Array>([[`${root}/data/first.nxs`, readFileSync(sample)]]);
  const connection = await startServer(files);
  const document = await open(connection, `${root}/d.imsc.yml`, `# imsc-sample: data/first.nxs\n${text}`);
  expect(await hintsOf(connection, document)).toContain('Water');
  files.set(`${root}/data/first.nxs`, readFileSync(changed));
  await connection.sendNotification(DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: `${root}/data/first.nxs`, type: FileChangeType.Changed }],
  });
  expect(await hintsOf(connection, document, 'Heavy water')).not.toContain('“Water”');
});

/** A repository whose file is another one each time that somebody looks; the last stays. */
class Written extends Map<string, Uint8Array> {
  #looks = 0;
  readonly #lengths: readonly number[];

  constructor(lengths: readonly number[]) {
    super([[`${root}/data/first.nxs`, readFileSync(sample)]]);
    this.#lengths = lengths;
  }

  override get(uri: string): Uint8Array | undefined {
    const length = this.#lengths[Math.min(this.#looks++, this.#lengths.length - 1)];
    return super.get(uri)?.subarray(0, length);
  }
}

it('a sample of the repository that is written while it is read is read once more', async () => {
  const { length } = readFileSync(sample);
  const connection = await startServer(new Written([length, length, 1000, length]));
  const document = await open(connection, `${root}/f.imsc.yml`, `# imsc-sample: data/first.nxs\n${text}`);
  expect(await hintsOf(connection, document, 'Water')).toContain('[3, 4]');
});

it('a sample of the repository that is written again and again says so', async () => {
  const lengths = Array.from({ length: 400 }, (_, look) => 1000 + look);
  const connection = await startServer(new Written(lengths));
  const uri = `${root}/g.imsc.yml`;
  await open(connection, uri, `# imsc-sample: data/first.nxs\n${text}`);
  const problems = await problemsOf(connection, uri, 'sample-unreadable');
  const message = problems.find(({ code }) => code === 'sample-unreadable')?.message;
  expect(message).toMatch(/^first\.nxs changes while it is read\. Try again when nobody writes it any more/);
});

it('of a file in a page that is written meanwhile nothing is shown any more to who asks again', async () => {
  const written = join(folder, 'written.nxs');
  await writeSample(written);
  const connection = await startServer(new Map(), written);
  const uri = `${root}/h.imsc.yml`;
  const document = await open(connection, uri, text);
  await connection.sendNotification(protocol.chooseSample.method, { uri, file: '/dropped:/big.nxs' });
  expect(await hintsOf(connection, document, 'Water')).toContain('Water');
  copyFileSync(changed, written);
  const problems = await problemsOf(connection, uri, 'sample-unreadable');
  const message = problems.find(({ code }) => code === 'sample-unreadable')?.message;
  expect(message).toContain('Open it once more in the page');
  expect(await hintsOf(connection, document)).not.toMatch(/Water|\[3, 4\]/);
});

it('a sample of the repository that is too large is refused, with a way out', async () => {
  const connection = await startServer(new Map([[`${root}/large.nxs`, new Uint8Array(100_000_001)]]));
  const uri = `${root}/e.imsc.yml`;
  await open(connection, uri, `# imsc-sample: large.nxs\n${text}`);
  const problems = await problemsOf(connection, uri, 'sample-unreadable');
  const message = problems.find(({ code }) => code === 'sample-unreadable')?.message;
  expect(message).toMatch(/^large\.nxs has .*at most 100 MB are read as a whole.*Open a NeXus File of This Computer/);
  expect(connection.given).not.toContain(`${root}/large.nxs`);
});

it('of samples that are more than is kept the first is read anew when it is asked about', async () => {
  const bytes = new Uint8Array(90_000_000);
  bytes.set(readFileSync(sample));
  const names = ['one', 'two', 'three'];
  const connection = await startServer(new Map(names.map((name) => [`${root}/${name}.nxs`, bytes])));
  const documents: TextDocument[] = [];
  for (const name of names) {
    const document = await open(connection, `${root}/${name}.imsc.yml`, `# imsc-sample: ${name}.nxs\n${text}`);
    expect(await hintsOf(connection, document)).toContain('Water');
    documents.push(document);
  }
  const [first] = documents;
  expect(first && (await pathsOffered(connection, first))).toMatch(/counts.*packed.*title/);
  expect(connection.given.filter((uri) => uri.endsWith('one.nxs'))).toHaveLength(2);
});

it('a file that was moved after it was opened says so', async () => {
  const moved = join(folder, 'moved.nxs');
  await writeSample(moved);
  const starting = startServer(new Map(), moved);
  rmSync(moved);
  const connection = await starting;
  const uri = `${root}/d.imsc.yml`;
  await open(connection, uri, text);
  await connection.sendNotification(protocol.chooseSample.method, { uri, file: '/dropped:/big.nxs' });
  const problems = await problemsOf(connection, uri, 'sample-unreadable');
  const message = problems.find(({ code }) => code === 'sample-unreadable')?.message;
  expect(message).toMatch(/^moved\.nxs cannot be read any more: it was moved, renamed or changed/);
});

it('a page that has lost its file says so', async () => {
  const connection = await startServer(new Map());
  const uri = `${root}/c.imsc.yml`;
  await open(connection, uri, text);
  await connection.sendNotification(protocol.chooseSample.method, { uri, file: '/dropped:/gone.nxs' });
  const [problem] = (await problemsOf(connection, uri, 'sample-unreadable')).filter(
    ({ code }) => code === 'sample-unreadable',
  );
  expect(problem?.message).toMatch(/^gone\.nxs is not open any more/);
});
