import type { Fetch } from './fetch.ts';

/** The platform's own fetch. */
export const plainFetch: Fetch = (url, init) => fetch(url, init);
