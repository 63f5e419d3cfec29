// A PostgreSQL of Debian for tests and trials: a cluster of its own in a temporary folder, never as root.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installDebianPackages } from './debianPackages.mjs';

const versions = '/usr/lib/postgresql';
const user = 'imsc';

/** The programs of the newest version that is installed; installs one if there is none and this user may. */
function programs(say) {
  const newest = () => {
    try {
      return readdirSync(versions).sort((one, other) => Number(other) - Number(one))[0];
    } catch {
      return undefined;
    }
  };
  if (newest() === undefined && installDebianPackages(['postgresql'], say).length > 0) return undefined;
  const version = newest();
  return version && join(versions, version, 'bin');
}

/** As whom a server can run: not as root, so as the user whom the package makes. */
function runsAs() {
  if (process.getuid?.() !== 0) return {};
  const idOf = (option) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/**
 * Starts it, with an empty database and a user who has a password.
 * @returns undefined where there is none and it cannot be installed
 */
export async function startPostgres(say = () => undefined) {
  const bin = programs(say);
  if (bin === undefined) return undefined;
  const as = runsAs();
  const folder = mkdtempSync(join(tmpdir(), 'imsc-postgres-'));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const password = `open-${process.pid}`;
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  if (as.uid !== undefined) for (const each of [folder, data, passwordFile]) chownSync(each, as.uid, as.gid);
  const port = await freePort();
  const options = { ...as, cwd: folder, stdio: 'ignore' };
  const initialise = [
    '-D',
    data,
    '-U',
    user,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--no-sync',
    '-E',
    'UTF8',
  ];
  execFileSync(join(bin, 'initdb'), [...initialise, '--locale=C'], options);
  // Nothing of it has to outlive the computer.
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off'];
  const start = () => spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((each) => ['-c', each])], options);
  const isReady = () => {
    try {
      execFileSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-q'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  const ready = async () => {
    for (let tried = 0; !isReady(); tried++) {
      if (tried > 200) throw new Error('PostgreSQL does not start.');
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  let server = start();
  const ended = (signal) => {
    const end = new Promise((done) => (server.exitCode === null ? server.once('exit', done) : done()));
    server.kill(signal);
    return end;
  };
  await ready();
  const env = { ...process.env, PGPASSWORD: password };
  const psql = (database, text) =>
    execFileSync(
      join(bin, 'psql'),
      ['-h', '127.0.0.1', '-p', String(port), '-U', user, '-d', database, '-Atqc', text],
      {
        env,
        encoding: 'utf8',
      },
    ).trim();
  return {
    password,
    port,
    /** The address of a new database. */
    database(name) {
      psql('postgres', `CREATE DATABASE "${name}"`);
      return `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;
    },
    /** What the database says to a statement. */
    ask: (address, text) => psql(new URL(address).pathname.slice(1), text),
    /** Ends at once, as when the computer fails. */
    crash: () => ended('SIGQUIT'),
    async startAgain() {
      server = start();
      await ready();
    },
    async stop() {
      await ended('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
