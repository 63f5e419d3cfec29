/** Proxies as the environment names them, for undici's agent. */
export interface Proxies {
  readonly httpProxy: string | undefined;
  readonly httpsProxy: string | undefined;
  /** Hosts that are asked directly, separated by commas. */
  readonly noProxy: string;
}

/** A proxy elsewhere cannot reach what runs on this computer. */
const ownComputer = 'localhost,127.0.0.1,[::1]';

/**
 * The proxies that an address is asked through: those of HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in small letters or
 * capitals; `undefined` where none is set for its scheme.
 */
export function proxiesFor(url: string, env: Readonly<Record<string, string | undefined>>): Proxies | undefined {
  const named = (name: string): string => (env[name] ?? env[name.toUpperCase()] ?? '').trim();
  const httpProxy = withScheme(named('http_proxy'));
  const httpsProxy = withScheme(named('https_proxy'));
  const noProxy = named('no_proxy');
  if ((/^https:/i.test(url) ? httpsProxy : httpProxy) === undefined || noProxy.split(/[,\s]+/).includes('*')) {
    return undefined;
  }
  return { httpProxy, httpsProxy, noProxy: `${noProxy},${ownComputer}` };
}

function withScheme(proxy: string): string | undefined {
  if (proxy === '') return undefined;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/** Said behind a failure, which may be one of the proxy; without user name and password. */
export function proxyNote(url: string, { httpProxy, httpsProxy }: Proxies): string {
  const [name, proxy = ''] = /^https:/i.test(url) ? ['HTTPS_PROXY', httpsProxy] : ['HTTP_PROXY', httpProxy];
  const host = URL.canParse(proxy) ? new URL(proxy).host : 'no address';
  return `${name} names a proxy (${host}), which is asked for every host but those of NO_PROXY.`;
}
