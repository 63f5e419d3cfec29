import type * as agentFetch_ from './agentFetch.ts';
import { plainFetch } from './plainFetch.ts';

/** A browser follows its own proxies and trusts its own certificates. */
export const agentFetch: typeof agentFetch_.agentFetch = () => plainFetch;
