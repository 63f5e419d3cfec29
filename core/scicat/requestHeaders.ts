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

/** What stands around a token in a copied header, in a line for curl, or in a file of settings. */
const around = [/^Authorization\s*:\s*/i, bearer, /^Bearer\s*:\s*/i, /^["'`]+|["'`]+$/g];

/** A token without the word `Bearer`, the name of the header, and the quotes and blanks that it was copied with. */
export function bareToken(text: string): string {
  let token = text.trim();
  for (let before = ''; before !== token;) {
    before = token;
    token = around.reduce((rest, mark) => rest.replace(mark, '').trim(), token);
  }
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
