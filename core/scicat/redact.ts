const jsonWebToken = /\beyJ[\w-]+\.[\w-]*\.?[\w-]*/g;
const bearer = /\bBearer(?:\s|%20|\+)+[^\s"',;&]+/gi;
const tokenParameter = /([?&](?:access_token|token)=)[^&\s#]*/gi;
const userInfo = /(\bhttps?:\/\/)[^/\s@]+@/gi;

/**
 * Takes everything out of a text that looks like a token or a password, and the given secrets whatever they look
 * like, so that it may be shown and logged.
 */
export function redact(text: string, secrets: readonly (string | undefined)[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret !== undefined && secret.length > 3) clean = clean.replaceAll(secret, '***');
  return clean
    .replace(bearer, 'Bearer ***')
    .replace(jsonWebToken, '***')
    .replace(tokenParameter, '$1***')
    .replace(userInfo, '$1***@');
}
