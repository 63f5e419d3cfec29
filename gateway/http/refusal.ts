export interface RefusalNotes {
  readonly details?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly code?: string;
}

/** A request that is not done, with what its client is told; each protocol prints it in its own form. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly status: number;
  /** All that is wrong, where it is more than the message. */
  readonly details: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** What a protocol calls it, where its status is not enough. */
  readonly code: string | undefined;

  constructor(status: number, message: string, { details = [], headers = {}, code }: RefusalNotes = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** A refusal as plain text, for whoever reads the body as it is. */
export function plainRefusal({ status, message, headers }: HttpRefusal, text = `${message}\n`): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers } });
}
