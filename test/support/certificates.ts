import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Files in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** An authority of one's own, that says of servers who they are. */
export interface Authority {
  /** Its certificate, in PEM. */
  readonly file: string;
  /** @param name by which the server is called @param days for which it holds; below 0 it has expired */
  issue(name: string, days?: number): Certificate;
  remove(): void;
}

/** Undefined where openssl is not installed. */
export function makeAuthority(): Authority | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'imsc-authority-'));
  const at = (name: string): string => path.join(folder, name);
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', [...args], { stdio: 'ignore' });
  };
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  const [file, ownKey] = [at('authority.pem'), at('authority.key')];
  const newKey = ['-newkey', 'rsa:2048', '-nodes', '-keyout'];
  try {
    openssl('req', '-x509', ...newKey, ownKey, '-days', '2', '-out', file, '-subj', '/CN=authority');
  } catch {
    remove();
    return undefined;
  }
  let count = 0;
  return {
    file,
    issue: (name, days = 2) => {
      count += 1;
      const [key, request, cert] = [at(`${count}.key`), at(`${count}.csr`), at(`${count}.pem`)];
      const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
      openssl('req', ...newKey, key, '-out', request, ...names);
      const by = ['-CA', file, '-CAkey', ownKey, '-CAcreateserial', '-copy_extensions', 'copy'];
      openssl('x509', '-req', '-in', request, ...by, '-days', String(days), '-out', cert);
      return { key, cert };
    },
    remove,
  };
}
