import type { OwnRequest } from './own.ts';

/** What a client asks the server for in a browser alone: elsewhere the command line does it. */
export const requestsOfBrowser: readonly OwnRequest[] = [];
