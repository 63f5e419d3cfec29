import { copyFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import * as protocol from '../../server/protocol.ts';
import { hintsOf, open, pathsOffered, root, schema, schemaOf, startServer, web, writeSample } from '../support/browserServer.ts'; // prettier-ignore
import { temporaryFolder } from '../support/nexusFiles.ts';

const folder = temporaryFolder();

it('of a file of 8 GB only what is asked about is read, and the memory stays as it was', async () => {
  const large = join(folder, 'large.nxs');
  await writeSample(large);
  truncateSync(large, 8_000_000_000);
  const connection = await startServer(new Map(), large);
  const before = await connection.measured();
  const uri = `${root}/large.imsc.yml`;
  const document = await open(connection, uri, schema);
  await connection.sendNotification(protocol.chooseSample.method, { uri, file: '/dropped:/big.nxs' });
  expect(await pathsOffered(connection, document)).toMatch(/counts.*packed.*title/);
  const after = await connection.measured();
  expect(after.bytesRead).toBeLessThan(600_000);
  expect(after.memory - before.memory).toBeLessThan(20_000_000);
});

it('the HDF5 library, too, reads of a file of 8 GB what is asked about', async () => {
  const large = join(folder, 'stored.nxs');
  copyFileSync(join(import.meta.dirname, 'library', 'stored.h5'), large);
  truncateSync(large, 8_000_000_000);
  const connection = await startServer(new Map(), large);
  const uri = `${root}/stored.imsc.yml`;
  const document = await open(connection, uri, schemaOf(['virtual: "integer[]"']));
  await connection.sendNotification(protocol.chooseSample.method, { uri, file: '/dropped:/big.nxs' });
  expect(await hintsOf(connection, document, '[8, 9, 16, 17]')).toContain('[8, 9, 16, 17]');
  const { bytesRead } = await connection.measured();
  expect(bytesRead).toBeLessThan(600_000);
});

it('what a browser loads first is at most 1.2 MB, packed', () => {
  const programs = ['extension.cjs', 'server.js', 'nexusPage.js', 'reader.js'];
  const packed = programs.map((name) => gzipSync(readFileSync(join(web, name))).length);
  expect(packed.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_200_000);
});
