import type * as agentFetch_ from './agentFetch.ts';

/** A browser follows its own proxies and trusts its own certificates. */
export const agentFetch: typeof agentFetch_.agentFetch = () => fetch;
