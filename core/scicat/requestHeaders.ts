/** What a request may carry besides its body. */
export interface HeaderParts {
  readonly token: string | undefined;
  /** Of the configuration; sent to SciCat only, like the token. */
  readonly extra: Readonly<Record<string, string>> | undefined;
  readonly hasBody: boolean;
  /** A sign-in: SciCat refuses it if it comes with a token that has expired. */
  readonly isSignIn: boolean;
  readonly unmodifiedSince?: string | undefined;
}

const bearer = /^Bearer(?:\s+|$)/i;

/** A token without the word `Bearer` and the blanks that stand around it in a copied header. */
export function bareToken(text: string): string {
  let token = text.trim();
  while (bearer.test(token)) token = token.replace(bearer, '').trim();
  return token;
}

/**
 * The headers of a request, each name once and in lower case: fetch joins names that differ in their case only. What the
 * request itself needs goes before what the configuration adds.
 */
export function requestHeaders({
  token,
  extra = {},
  hasBody,
  isSignIn,
  unmodifiedSince,
}: HeaderParts): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  for (const [name, value] of Object.entries(extra)) headers[name.toLowerCase()] = value;
  if (hasBody) headers['content-type'] = 'application/json';
  if (unmodifiedSince !== undefined) headers['if-unmodified-since'] = unmodifiedSince;
  if (isSignIn) {
    if (bearer.test((headers['authorization'] ?? '').trim())) delete headers['authorization'];
  } else if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  return headers;
}
