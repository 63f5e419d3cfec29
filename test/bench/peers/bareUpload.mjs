// A server that only writes what is sent to it to the disk: node bareUpload.mjs FOLDER prints its port.
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const file = join(process.argv[2], 'upload');
const server = createServer(async (request, response) => {
  // On the disk, as an answer of the service promises it.
  await pipeline(request, createWriteStream(file, { flush: true }));
  response.end();
  response.once('close', () => rm(file, { force: true }));
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })));
