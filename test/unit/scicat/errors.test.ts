import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorFromAnswer } from '../../../core/scicat/errors.ts';
import type { ScicatErrorKind } from '../../../core/scicat/errors.ts';
import { redact } from '../../../core/scicat/redact.ts';
import { tokenExpiry } from '../../../core/scicat/token.ts';

function errorFor(
  status: number,
  body: unknown,
  more: { sentBytes?: number; retryAfter?: string; location?: string } = {},
) {
  const bodyText = typeof body === 'string' ? body : JSON.stringify(body);
  return errorFromAnswer({
    method: 'POST',
    url: 'https://scicat.example.org/api/v3/datasets',
    status,
    bodyText,
    sentBytes: more.sentBytes ?? 10,
    retryAfter: more.retryAfter ?? null,
    location: more.location ?? null,
  });
}

describe('every shape of a failed answer', () => {
  const e2 = [
    { property: 'foo', constraints: { whitelistValidation: 'property foo should not exist' } },
    { property: 'techniques', children: [{ property: '0', children: [{ property: 'pid', children: [], constraints: { isString: 'pid must be a string' } }] }] },
  ]; // prettier-ignore
  const cases: [title: string, status: number, body: unknown, kind: ScicatErrorKind, paths: string[], says: RegExp][] = [
    ['a list of texts', 400, { message: ['dataFileList.0.property foo should not exist', 'size must be an integer number'], statusCode: 400 }, 'invalid', ['dataFileList.0.foo', 'size'], /foo should not exist; size must/],
    ['an e-mail in a list of texts', 400, { message: ['Expected an email or a list of semicolon separated emails, got x'] }, 'invalid', ['contactEmail'], /got x/],
    ['JSON inside a text', 400, { status: 400, message: JSON.stringify(e2) }, 'invalid', ['foo', 'techniques.0.pid'], /techniques\.0\.pid: pid must be a string/],
    ['a text beside a status', 400, { status: 400, message: 'Invalid dataset type!' }, 'invalid', ['type'], /Invalid dataset type!/],
    ['a pid of another form', 400, { message: 'PID is not following required standards', error: 'Bad Request', statusCode: 400 }, 'invalid', ['pid'], /PID is not/],
    ['an item of a list in an item of a list', 400, { message: ['dataFileList.0.each value in tags must be a string'] }, 'invalid', ['dataFileList.0.tags'], /must be a string/],
    ['an item that is not an object', 400, { message: ['relationships.each value in nested property relationships must be either object or array', 'each value in nested property techniques must be either object or array'] }, 'invalid', ['relationships', 'techniques'], /either object or array/],
    ['a conflict', 409, { message: 'A dataset with pid x already exists!', error: 'Conflict', statusCode: 409 }, 'conflict', [], /already exists/],
    ['no text', 401, { message: 'Unauthorized', statusCode: 401 }, 'unauthorized', [], /Sign in/],
    ['an expired session', 401, { message: 'SESSION_EXPIRED', error: 'Unauthorized', statusCode: 401 }, 'session-expired', [], /sign in again/],
    ['nobody', 403, { message: 'Forbidden resource', error: 'Forbidden', statusCode: 403 }, 'forbidden', [], /invalid token as nobody/],
    ['a bare string', 500, '"Internal server error"', 'server', [], /Internal server error/],
    ['a database error', 500, { errors: { pid: { message: 'Path `pid` is required.' } }, message: 'validation failed' }, 'server', ['pid'], /is required/],
    ['an empty object', 500, {}, 'server', [], /status 500/],
    ['an empty body', 502, '', 'server', [], /status 502/],
    ['too many requests', 429, '"ThrottlerException: Too Many Requests"', 'rate-limited', [], /wait/],
    ['a page of a proxy', 413, '<html><head><title>413 Request Entity Too Large</title></head></html>', 'too-large', [], /a web page, “413 Request/],
    ['an unknown route', 404, { message: 'Cannot POST /api/v4/datasets', error: 'Not Found', statusCode: 404 }, 'not-found', [], /scicat\.host/],
    ['a page that is not SciCat', 404, '<html><title>nginx</title></html>', 'bad-answer', [], /does not look like SciCat/],
    ['null', 500, 'null', 'server', [], /status 500/],
    ['a list', 400, [1], 'invalid', [], /status 400/],
    ['a message that is an object', 400, { message: { a: 1 }, error: 'Bad Request' }, 'invalid', [], /Bad Request/],
  ]; // prettier-ignore
  it.each(cases)('%s', (_title, status, body, kind, paths, says) => {
    const error = errorFor(status, body);
    expect(error.kind).toBe(kind);
    expect(error.status).toBe(status);
    expect(error.fields.map(({ path }) => path)).toEqual(paths);
    expect(error.message).toMatch(says);
  });

  it('suspects the size of a large request that makes SciCat fail', () => {
    expect(errorFor(500, '"Internal server error"', { sentBytes: 17e6 }).kind).toBe('too-large');
  });

  it('names where an address has moved to', () => {
    expect(errorFor(301, '', { location: 'https://new.example.org/' }).message).toContain('https://new.example.org/');
  });

  it.each([
    ['2', 2000, 2000],
    [new Date(Date.now() + 60_000).toUTCString(), 57_000, 61_000],
  ])('reads Retry-After %s', (retryAfter, least, most) => {
    const { retryAfterMs = -1 } = errorFor(429, '""', { retryAfter });
    expect(retryAfterMs).toBeGreaterThanOrEqual(least);
    expect(retryAfterMs).toBeLessThanOrEqual(most);
  });
});

describe('answers that nobody foresaw', () => {
  const part = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom('message', 'property', 'children', 'constraints', 'errors'),
  );
  const mutated = fc
    .record(
      {
        message: fc.jsonValue(),
        errors: fc.jsonValue(),
        error: fc.jsonValue(),
        property: part,
        children: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((body) =>
      JSON.stringify({ ...body, ...(body.children !== undefined && { message: JSON.stringify([body]) }) }),
    );

  it('are an error with a message, never a crash', () => {
    fc.assert(
      fc.property(fc.oneof(part, mutated), fc.integer({ min: 100, max: 599 }), (body, status) => {
        const error = errorFor(status, body);
        expect(error.message).toContain(String(status));
        expect(error.message.length).toBeLessThan(2000);
        expect(error.message).not.toContain('\n');
      }),
      { numRuns: 2000 },
    );
  });

  it('may be nested without end', () => {
    const depth = 5000;
    const nested = `${'[{"property":"a","children":'.repeat(depth)}[]${'}]'.repeat(depth)}`;
    expect(errorFor(400, { status: 400, message: nested }).kind).toBe('invalid');
  });
});

describe('tokens', () => {
  const claims = Buffer.from(JSON.stringify({ exp: 1_700_000_000 })).toString('base64url');
  const token = `eyJhbGciOiJIUzI1NiJ9.${claims}.c2lnbmF0dXJl`;

  it('knows when a token ends', () => {
    expect(tokenExpiry(token)?.toISOString()).toBe('2023-11-14T22:13:20.000Z');
  });

  it.each(['', 'garbage', 'a.b.c', `a.${Buffer.from('{"exp":"x"}').toString('base64url')}.c`])(
    'says nothing of %j',
    (text) => {
      expect(tokenExpiry(text)).toBeUndefined();
    },
  );

  it.each([
    `Bearer ${token}`,
    `the token ${token} is bad`,
    `/datasets?access_token=Bearer%20${token}`,
    `https://user:${token}@example.org/`,
  ])('takes the token out of a text', (text) => {
    expect(redact(text)).not.toContain(claims);
  });

  it('takes a secret out that looks like nothing', () => {
    expect(redact('refused: hunter2hunter2', ['hunter2hunter2'])).toBe('refused: ***');
  });
});
