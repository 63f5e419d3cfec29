import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { failureReason } from '../../core/files/failureReason.ts';

/** The certificates of authorities in a file, in PEM; or what is wrong with the file, to stand behind the name of an option. */
export function readAuthorities(file: string): { readonly ca: string } | { readonly wrong: string } {
  let ca: string;
  try {
    ca = readFileSync(file, 'utf8');
  } catch (error) {
    return { wrong: `names ${file}, which cannot be read: ${failureReason(error)}.` };
  }
  try {
    // TLS itself passes over what it cannot read, and knows nobody then.
    new X509Certificate(ca);
    return { ca };
  } catch {
    return { wrong: `names ${file}, which holds no certificate in PEM (-----BEGIN CERTIFICATE-----).` };
  }
}
