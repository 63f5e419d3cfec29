import type * as plainFetch_ from './plainFetch.ts';

/** Of the worker; every answer of another place is for pages that it names. */
declare const self: { readonly origin: string };

/** A browser does not tell a page why it gives it no answer. */
class NotTold extends Error {
  readonly code = 'NOT_TOLD';
}

export const plainFetch: typeof plainFetch_.plainFetch = async (url, init) => {
  try {
    return await fetch(url, init);
  } catch (error) {
    const message = `the browser gives no answer; SciCat is away, or does not allow pages of ${self.origin} (CORS).`;
    throw new NotTold(message, { cause: error });
  }
};
