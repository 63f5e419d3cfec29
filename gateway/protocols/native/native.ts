import type { Handler, Route } from '../../http/routes.ts';
import { json } from '../../protocol.ts';
import type { Protocol, Services } from '../../protocol.ts';
import { NewestJobs } from './newestJobs.ts';
import { openApi } from './openApi.ts';
import { pageCss } from './page/css.ts';
import { pageHtml } from './page/html.ts';
import { pageJs } from './page/js.ts';
import { apiRoutes } from './routes.ts';

/** The service's own API, for scripts, editors and the page for people. */
export const native: Protocol = {
  name: 'native',
  title: 'Page and API of its own',
  prefixes: ['/api/v1', '/'],
  entry: '/',
  challenge: 'Basic realm="imsc"',
  refuse: ({ status, message, details, headers }) =>
    json(status, { error: message, message, ...(details.length > 0 && { details }) }, headers),
  routes,
};

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function routes(services: Services): readonly Route[] {
  const serving = { ...services, newest: new NewestJobs(services.jobs) };
  const description = openApi();
  const served = (text: string, type: string) => (): Response =>
    new Response(text, {
      headers: {
        'Content-Type': `${type}; charset=utf-8`,
        'Content-Security-Policy': policy,
        'Referrer-Policy': 'no-referrer',
      },
    });
  const paths = [...new Set(apiRoutes.map(({ path }) => path))];
  return [
    { path: '/', on: { GET: served(pageHtml, 'text/html') } },
    { path: '/api/v1/page.css', on: { GET: served(pageCss, 'text/css') } },
    { path: '/api/v1/page.js', on: { GET: served(pageJs, 'text/javascript') } },
    { path: '/api/v1/openapi.json', on: { GET: () => json(200, description) } },
    ...paths.map((path) => ({
      path,
      on: Object.fromEntries(
        apiRoutes
          .filter((each) => each.path === path)
          .map(({ method, handler }): [string, Handler] => [method, (context) => handler(serving, context)]),
      ),
    })),
  ];
}
