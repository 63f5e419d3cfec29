import { isJsonObject, jsonIn } from './json.ts';

/**
 * When a SciCat token ends, or `undefined` for a token that does not say (or is not a JWT). Nothing is verified; only
 * SciCat can do that.
 */
export function tokenExpiry(token: string): Date | undefined {
  const [, payload] = token.split('.');
  if (payload === undefined) return undefined;
  const claims = jsonIn(textOfBase64(payload));
  const expiry = isJsonObject(claims) ? claims['exp'] : undefined;
  if (typeof expiry !== 'number') return undefined;
  const date = new Date(expiry * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Whether the token is past its end, by the clock of this computer. */
export function isExpired(token: string | undefined): boolean {
  const expiry = token === undefined ? undefined : tokenExpiry(token);
  return expiry !== undefined && expiry.getTime() <= Date.now();
}

/** Text in the alphabet for URLs, without its padding; empty for what is none. */
function textOfBase64(text: string): string {
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return '';
  }
}
