import { gunzipSync } from 'node:zlib';
import { boundedBody, BodyTooLarge } from '../core/http/boundedBody.ts';
import type { Document } from './store.ts';

/** An answer that ends the handling of a request; thrown, and turned into the response by the application. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`status ${status}`);
    this.status = status;
    this.body = body;
  }
}

const names: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  422: 'Unprocessable Entity',
};

/** An error that SciCat raised with a text, or with the list of texts of its global validation. */
export function refusal(status: number, message: string | readonly string[]): Refusal {
  return new Refusal(status, { message, error: names[status], statusCode: status });
}

/** An error that SciCat raised without a text. */
export function bareRefusal(status: number): Refusal {
  return new Refusal(status, { message: names[status], statusCode: status });
}

/** An error that SciCat did not expect: the body is a JSON string. */
export function internalError(): Refusal {
  return new Refusal(500, 'Internal server error');
}

export function jsonResponse(status: number, body: unknown): Response {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return new Response(JSON.stringify(body), { status, headers });
}

/** How SciCat answers when there is nothing to say. */
export function emptyResponse(): Response {
  return new Response(null, { status: 200 });
}

/**
 * The JSON body of a request. As in SciCat a body that says that it is too large, is of another content type or missing
 * is not expected and gives 500; text that is not JSON gives 400.
 */
export async function readBody(request: Request, limit: number): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw internalError();
  const bytes = await wholeBody(request, limit);
  if (bytes.length === 0 || !/\bjson\b/.test(request.headers.get('content-type') ?? '')) return undefined;
  const isZipped = (request.headers.get('content-encoding') ?? '').includes('gzip');
  const text = (isZipped ? unzipped(bytes, limit) : bytes).toString('utf8');
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch (error) {
    throw refusal(400, error instanceof Error ? error.message : 'Unexpected token');
  }
}

/** @throws Refusal 413 beyond the limit, for a body that did not say how long it is */
async function wholeBody(request: Request, limit: number): Promise<Buffer> {
  try {
    const stream: AsyncIterable<Uint8Array> | null = request.body;
    return await boundedBody(stream, limit);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    throw new Refusal(413, { message: 'Payload Too Large', statusCode: 413 });
  }
}

/** @throws Refusal 500 if it is too large when it is unzipped, or no gzip at all */
function unzipped(bytes: Buffer, limit: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: limit });
  } catch {
    throw internalError();
  }
}

/** Fields that were not sent are absent, as JSON cannot say `undefined`. */
export function withoutUndefined(document: Document): Document {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}
