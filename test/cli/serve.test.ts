import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../support/temporaryFolder.ts';
import { imsc, startServing } from './imsc.ts';
import type { Running, Served } from './imsc.ts';

const newFolder = temporaryFolders();
const curl = promisify(execFile);

const running: Running[] = [];
afterEach(async () => {
  for (const { child, finished } of running.splice(0)) {
    child.kill('SIGKILL');
    await finished;
  }
});

function serve(args: readonly string[], folder: string): Promise<Served> {
  return startServing(['--store', path.join(folder, 'store'), ...args], (started) => running.push(started));
}

describe('imsc serve', () => {
  it('says where it is, answers under no other name, and ends with Ctrl-C', async () => {
    const folder = await newFolder();
    const { url, child, finished } = await serve(['--location', `data=${folder}`], folder);
    const status = async (...args: readonly string[]): Promise<string> =>
      (await curl('curl', ['-s', '-o', path.join(folder, 'body'), '-w', '%{http_code}', ...args])).stdout;
    expect(await status(`${url}/nothing/here`)).toBe('404');
    expect(await status('-H', 'Host: rebound.example', url)).toBe('421');
    expect(await status('-H', 'Origin: https://evil.example', url)).toBe('403');
    expect(await status('-X', 'OPTIONS', '-H', `Origin: ${url}`, url)).toBe('204');
    child.kill('SIGINT');
    expect((await finished).code).toBe(0);
  });

  it('tells every mistake at once, and serves nothing', async () => {
    const folder = await newFolder();
    const file = path.join(folder, 'imsc-serve.yml');
    writeFileSync(path.join(folder, 'accounts'), 'ada\n');
    chmodSync(path.join(folder, 'accounts'), 0o600);
    writeFileSync(file, 'prot: 1\nauth: some\naccounts_file: accounts\nlocations: [{name: a, path: nowhere}]\n');
    const { code, stderr } = await imsc(['serve', '--serve-config', file, '--host', '0.0.0.0', '--protocols', 'ftp']);
    expect(code).toBe(2);
    for (const part of [
      'openem, arkivum, sword',
      ':1:1: ',
      ':2:7: ',
      ':4:29: ',
      'Line 1 of the accounts',
      'public_address',
    ])
      expect(stderr).toContain(part);
  });

  it('that finds its port taken says so', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const { code, stderr } = await imsc(['serve', '--port', port]);
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toContain('--port');
  });

  it('adds accounts, whose secrets it shows once', async () => {
    const folder = await newFolder();
    const file = path.join(folder, 'imsc-serve.yml');
    writeFileSync(file, 'accounts_file: accounts\nauth: accounts\n');
    const { code, stdout } = await imsc(['serve', '--serve-config', file, '--add-account', 'ada', '--json']);
    expect(code).toBe(0);
    const { secret, token } = JSON.parse(stdout) as { secret: string; token: string };
    expect(token).toBe(`ada.${secret}`);
    const accounts = path.join(folder, 'accounts');
    expect(readFileSync(accounts, 'utf8')).not.toContain(secret);
    expect(statSync(accounts).mode & 0o777).toBe(0o600);
    expect((await imsc(['serve', '--serve-config', file, '--add-account', '../x'])).code).toBe(2);
  });
});
