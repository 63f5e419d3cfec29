import { execFileSync } from 'node:child_process';
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';

/** A certificate for localhost that is its own authority; undefined where openssl is not installed. */
export function makeCertificate(): { key: string; cert: string; file: string; remove: () => void } | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'imsc-tls-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
  if (key === undefined || cert === undefined) return undefined;
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert];
    execFileSync('openssl', [...args, ...subject], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), file: cert, remove };
  } catch {
    remove();
    return undefined;
  }
}

/** What a client did at the door of the fake. */
export interface Attempt {
  readonly mechanism: string;
  readonly user: string;
  readonly isIn: boolean;
}

const keys = { saslHandshake: 17, apiVersions: 18, saslAuthenticate: 36 } as const;
const iterations = 4096;

/**
 * The door of a Kafka broker and nothing behind it: TLS, and SCRAM (RFC 5802) as Kafka carries it. What a client asks for
 * when it is in is not answered.
 */
export class FakeKafka {
  readonly attempts: Attempt[] = [];
  /** All that was sent to it, decrypted. */
  heard = Buffer.alloc(0);
  readonly #server;
  readonly #sockets = new Set<Socket>();
  readonly #password: string;

  constructor(options: { key: string; cert: string }, password: string) {
    this.#password = password;
    this.#server = createServer(options, (socket) => {
      this.#serve(socket);
    });
  }

  /** @returns `host:port` */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `localhost:${typeof address === 'object' ? address?.port : ''}`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const scram = new Scram(this.#password);
    let pending = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      this.heard = Buffer.concat([this.heard, bytes]);
      pending = Buffer.concat([pending, bytes]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
        const size = pending.readInt32BE(0);
        const request = pending.subarray(4, 4 + size);
        pending = pending.subarray(4 + size);
        const answer = this.#answer(request, scram);
        if (!answer) continue;
        const head = Buffer.alloc(8);
        head.writeInt32BE(4 + answer.length, 0);
        request.copy(head, 4, 4, 8);
        socket.write(Buffer.concat([head, answer]));
      }
    });
  }

  #answer(request: Buffer, scram: Scram): Buffer | undefined {
    const [key, version] = [request.readInt16BE(0), request.readInt16BE(2)];
    const body = request.subarray(10 + Math.max(0, request.readInt16BE(8)));
    if (key === keys.apiVersions) {
      const known = Object.values(keys).map((each) => numbers([each, 0, each === keys.apiVersions ? 2 : 1]));
      return Buffer.concat([numbers([0, 0, known.length]), ...known, ...(version > 0 ? [Buffer.alloc(4)] : [])]);
    }
    if (key === keys.saslHandshake) {
      scram.mechanism = body.subarray(2).toString();
      return Buffer.concat([numbers([0, 0, 1]), text(scram.mechanism)]);
    }
    if (key !== keys.saslAuthenticate) return undefined;
    const { answer, isIn } = scram.answer(body.subarray(4).toString());
    if (isIn !== undefined) this.attempts.push({ mechanism: scram.mechanism, user: scram.user, isIn });
    const length = Buffer.alloc(4);
    length.writeInt32BE(answer.length);
    const said = isIn === false ? Buffer.concat([numbers([58]), text('Authentication failed')]) : numbers([0, -1]);
    return Buffer.concat([said, length, Buffer.from(answer), ...(version > 0 ? [Buffer.alloc(8)] : [])]);
  }
}

/** The server's half of one exchange. */
class Scram {
  mechanism = '';
  user = '';
  readonly #password: string;
  readonly #salt = randomBytes(16);
  #soFar = '';

  constructor(password: string) {
    this.#password = password;
  }

  /** @returns `isIn` when it is decided */
  answer(message: string): { answer: string; isIn?: boolean } {
    const field = (name: string): string => new RegExp(`(?:^|,)${name}=([^,]*)`).exec(message)?.[1] ?? '';
    if (message.startsWith('n,,')) {
      this.user = field('n');
      const first = `r=${field('r')}${randomBytes(9).toString('hex')},s=${this.#salt.toString('base64')},i=${iterations}`;
      this.#soFar = `${message.slice(3)},${first}`;
      return { answer: first };
    }
    const digest = this.mechanism.replace('SCRAM-SHA-', 'sha');
    const hmac = (secret: Buffer, data: string): Buffer => createHmac(digest, secret).update(data).digest();
    const salted = pbkdf2Sync(this.#password, this.#salt, iterations, digest === 'sha256' ? 32 : 64, digest);
    const clientKey = hmac(salted, 'Client Key');
    const all = `${this.#soFar},${message.replace(/,p=.*/, '')}`;
    const signature = hmac(createHash(digest).update(clientKey).digest(), all);
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
    const given = Buffer.from(field('p'), 'base64');
    const isIn = given.length === proof.length && timingSafeEqual(given, proof);
    return { answer: isIn ? `v=${hmac(hmac(salted, 'Server Key'), all).toString('base64')}` : '', isIn };
  }
}

/** Each as 16 bits. */
function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt16BE(value, 2 * index);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([numbers([value.length]), Buffer.from(value)]);
}
