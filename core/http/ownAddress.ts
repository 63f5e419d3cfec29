/** The names by which a computer is asked from itself: no name of somebody else can be made to lead there. */
const loopbackNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** An origin as headers have it, `http://name:port` and nothing more; undefined for anything else. */
export function parseOrigin(text: string): URL | undefined {
  return /^https?:\/\/[^/?#@\\\s]+$/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * Whether an origin is this computer.
 * @param port if it must be that one
 */
export function isOwnOrigin(text: string, port?: number): boolean {
  const parsed = parseOrigin(text);
  return (
    parsed?.protocol === 'http:' &&
    loopbackNames.has(parsed.hostname) &&
    (port === undefined || Number(parsed.port || 80) === port)
  );
}

/** Whether an address is one that nobody on the way can answer for, without a password in it. */
export function isSafeToAsk(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, origin, username, password } = new URL(address);
  return (protocol === 'https:' || isOwnOrigin(origin)) && username + password === '';
}

/**
 * Names of hosts are the same in capital letters (RFC 9110, 4.2.3), and node-server does not know those.
 * @param headers of a request that it has not seen yet
 */
export function knowCapitals(headers: { host?: string | undefined }): void {
  if (headers.host !== undefined) headers.host = headers.host.toLowerCase();
}

/** Whether a name or address on which to listen can be reached from this computer only. */
export function isLoopback(host: string): boolean {
  return loopbackNames.has(host.toLowerCase()) || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
