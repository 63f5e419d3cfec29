import { json } from '../../protocol.ts';
import type { Protocol } from '../../protocol.ts';

/** The service's own API, for scripts, editors and the page for people. */
export const native: Protocol = {
  name: 'native',
  title: 'Page and API of its own',
  prefixes: ['/api/v1', '/'],
  entry: '/',
  challenge: 'Basic realm="imsc"',
  refuse: ({ status, message, details, headers }) =>
    json(status, { error: message, message, ...(details.length > 0 && { details }) }, headers),
  routes: () => [],
};
