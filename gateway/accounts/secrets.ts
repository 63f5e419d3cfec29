import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** As costly as fits an answer to a request; the secrets themselves are random and long. */
const cost = { ln: 14, r: 8, p: 1 };
const keyBytes = 32;

/** A new secret, which nobody can guess. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** What is kept of a secret: `$scrypt$ln=14,r=8,p=1$SALT$KEY` (PHC string format). */
export async function hashOf(secret: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derived(secret, salt, cost, keyBytes);
  const { ln, r, p } = cost;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

const hashForm = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]{16,88})\$([A-Za-z0-9_-]{43})$/;

/** Whether a text is a hash as `hashOf` makes it, of a cost that can be paid. */
export function isHash(text: string): boolean {
  const [, ln, r, p] = hashForm.exec(text) ?? [];
  return (
    ln !== undefined && Number(ln) >= 10 && Number(ln) <= 17 && Number(r) >= 1 && Number(r) <= 16 && Number(p) <= 4
  );
}

/** Whether a secret is the one of a hash; takes equally long in both cases. */
export async function fits(secret: string, hash: string): Promise<boolean> {
  const [, ln, r, p, salt = '', key = ''] = hashForm.exec(hash) ?? [];
  if (ln === undefined) return false;
  const expected = Buffer.from(key, 'base64url');
  const found = await derived(
    secret,
    Buffer.from(salt, 'base64url'),
    { ln: Number(ln), r: Number(r), p: Number(p) },
    expected.length,
  );
  return timingSafeEqual(found, expected);
}

function derived(secret: string, salt: Buffer, { ln, r, p }: typeof cost, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, length, { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
