'load later';

import { Agent, EnvHttpProxyAgent, fetch } from 'undici';
import type { Dispatcher } from 'undici';
import type { Proxies } from '../proxies.ts';
import type { Fetch } from './fetch.ts';

/** One for each way to connect, so that connections are used again. */
const dispatchers = new Map<string, Dispatcher>();

/** A fetch through proxies, or one that accepts every certificate; Node's own cannot be told to for some requests only. */
export function agentFetch(verify: boolean, proxies: Proxies | undefined): Fetch {
  const key = JSON.stringify([verify, proxies]);
  const dispatcher = dispatchers.get(key) ?? dispatcherFor(verify, proxies);
  dispatchers.set(key, dispatcher);
  return (url, init) => fetch(url, { ...init, dispatcher });
}

function dispatcherFor(verify: boolean, proxies: Proxies | undefined): Dispatcher {
  const unverified = { rejectUnauthorized: false };
  if (!proxies) return new Agent(verify ? {} : { connect: unverified });
  const { httpProxy, httpsProxy, noProxy } = proxies;
  return new EnvHttpProxyAgent({
    // An empty text keeps the agent from looking by itself.
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    noProxy,
    // Most proxies open tunnels for https only.
    proxyTunnel: false,
    ...(!verify && { connect: unverified, requestTls: unverified }),
  });
}
