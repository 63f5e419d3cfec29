import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import path from 'node:path';
import { installDebianPackages } from '../../scripts/debianPackages.mjs';

/*
 * Computers of their own on this one, as far as that goes: each with a network that can be cut (a network namespace), a
 * host name and a clock. What listens at 127.0.0.1 is reached from there through a relay.
 */

const packages = ['iproute2', 'util-linux', 'libfaketime'];

/** Whether they can be made here: as root, on Linux, with Debian's packages. */
export function canMakeMachines(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || installDebianPackages(packages).length > 0)
    return false;
  if (clockLibrary() === undefined) return false;
  const probe = `imsc-probe-${process.pid}`;
  const works = ip('netns', 'add', probe) && ip('netns', 'exec', probe, 'unshare', '--uts', 'hostname', probe);
  ip('netns', 'delete', probe);
  return works;
}

function clockLibrary(): string | undefined {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib') : [];
  return folders
    .map((folder) => path.join('/usr/lib', folder, 'faketime/libfaketimeMT.so.1'))
    .find((file) => existsSync(file));
}

function ip(...args: readonly string[]): boolean {
  return spawnSync('ip', args, { stdio: 'ignore' }).status === 0;
}

function mustIp(...args: readonly string[]): void {
  if (!ip(...args)) throw new Error(`ip ${args.join(' ')} failed.`);
}

let networks = 0;

/** A network, and the computers on it. */
export class Network {
  readonly #name: string;
  readonly #subnet: string;
  readonly #machines: Machine[] = [];
  readonly #relays: Server[] = [];

  constructor() {
    networks += 1;
    // Names of interfaces have 15 characters.
    this.#name = `im${process.pid % 100_000}-${networks}`;
    this.#subnet = `10.213.${(process.pid + 7 * networks) % 250}`;
    mustIp('link', 'add', this.#name, 'type', 'bridge');
    mustIp('address', 'add', `${this.#subnet}.1/24`, 'dev', this.#name);
    mustIp('link', 'set', this.#name, 'up');
  }

  /** @param clock by how much its clock goes wrong, such as `+90s` */
  machine(name: string, clock: string): Machine {
    const number = this.#machines.length + 2;
    const machine = new Machine(name, clock, {
      namespace: `${this.#name}-${name}`,
      outside: `${this.#name}${number}`,
      bridge: this.#name,
      address: `${this.#subnet}.${number}`,
    });
    this.#machines.push(machine);
    return machine;
  }

  /** Lets the computers reach an address that is on this one only. */
  async reach(address: string): Promise<string> {
    const { port } = new URL(address);
    const relay = createServer((incoming) => {
      const outgoing = connect(Number(port), '127.0.0.1');
      for (const each of [incoming, outgoing]) each.on('error', () => undefined);
      incoming.on('close', () => outgoing.destroy());
      outgoing.on('close', () => incoming.destroy());
      incoming.pipe(outgoing).pipe(incoming);
    }).listen(0, `${this.#subnet}.1`);
    await once(relay, 'listening');
    this.#relays.push(relay);
    const found = relay.address();
    const own = typeof found === 'object' ? (found?.port ?? 0) : 0;
    return address.replace(`127.0.0.1:${port}`, `${this.#subnet}.1:${own}`);
  }

  remove(): void {
    for (const relay of this.#relays) relay.close();
    for (const machine of this.#machines) machine.remove();
    ip('link', 'delete', this.#name);
  }
}

interface Place {
  readonly namespace: string;
  readonly outside: string;
  readonly bridge: string;
  readonly address: string;
}

export class Machine {
  readonly name: string;
  readonly #clock: string;
  readonly #place: Place;

  constructor(name: string, clock: string, place: Place) {
    this.name = name;
    this.#clock = clock;
    this.#place = place;
    const { namespace, outside, bridge, address } = place;
    mustIp('netns', 'add', namespace);
    mustIp('link', 'add', outside, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
    mustIp('link', 'set', outside, 'master', bridge, 'up');
    mustIp('-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'eth0');
    mustIp('-n', namespace, 'link', 'set', 'eth0', 'up');
    mustIp('-n', namespace, 'link', 'set', 'lo', 'up');
  }

  /** How a program is started there; the process has the id of what is started here. */
  command(program: string, args: readonly string[]): readonly [program: string, args: readonly string[]] {
    // The program `faketime` would be a parent of what it starts.
    const script = 'hostname "$0" && export LD_PRELOAD="$1" FAKETIME="$2" FAKETIME_DONT_FAKE_MONOTONIC=1 && shift 2 && exec "$@"'; // prettier-ignore
    const inside = ['unshare', '--uts', 'sh', '-c', script, this.name, clockLibrary() ?? '', this.#clock, program, ...args]; // prettier-ignore
    return ['ip', ['netns', 'exec', this.#place.namespace, ...inside]];
  }

  /** Nothing comes through from now on, and nobody is told. */
  cutOff(): void {
    mustIp('link', 'set', this.#place.outside, 'down');
  }

  comeBack(): void {
    mustIp('link', 'set', this.#place.outside, 'up');
  }

  remove(): void {
    ip('link', 'delete', this.#place.outside);
    ip('netns', 'delete', this.#place.namespace);
  }
}

/** Whether a program there has another host name and time, and reaches what it should; for a trial of all this. */
export function seenFrom(machine: Machine): { readonly host: string; readonly now: number } {
  const [program, args] = machine.command(process.execPath, ['-p', 'JSON.stringify({host: os.hostname(), now: Date.now()})']); // prettier-ignore
  const { stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return JSON.parse(stdout) as { host: string; now: number };
}
