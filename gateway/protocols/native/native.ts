import { callbackPath } from '../../accounts/signIn.ts';
import type { SignIn } from '../../accounts/signIn.ts';
import { plainRefusal } from '../../http/refusal.ts';
import { addressOf } from '../../http/environment.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { refusedAsText } from '../../http/routes.ts';
import type { Handler, Route } from '../../http/routes.ts';
import { json } from '../../protocol.ts';
import type { Protocol, Services } from '../../protocol.ts';
import { NewestJobs } from './newestJobs.ts';
import { openApi } from './openApi.ts';
import { pageCss } from './page/css.ts';
import { pageHtml, signInHtml } from './page/html.ts';
import { pageJs } from './page/js.ts';
import { apiRoutes } from './routes.ts';

/** The service's own API, for scripts, editors and the page for people. */
export const native: Protocol = {
  name: 'native',
  title: 'Page and API of its own',
  prefixes: ['/api/v1', '/', '/login', callbackPath, '/logout'],
  entry: '/',
  challenge: 'Basic realm="imsc"',
  hasPage: true,
  refuse: (refusal) => {
    const { status, message, details, headers, code } = refusal;
    if (code === 'text') return plainRefusal(refusal);
    return json(status, { error: message, message, ...(details.length > 0 && { details }) }, headers);
  },
  routes,
};

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function routes(services: Services): readonly Route[] {
  const serving = { ...services, newest: new NewestJobs(services.jobs) };
  const description = openApi();
  const { signIn, settings, gatekeeper } = services;
  const isOpen = signIn !== undefined;
  const served =
    (text: string, type: string, status = 200) =>
    (): Response =>
      new Response(text, {
        status,
        headers: {
          'Content-Type': `${type}; charset=utf-8`,
          'Content-Security-Policy': policy,
          'Referrer-Policy': 'no-referrer',
        },
      });
  const page = served(pageHtml, 'text/html');
  const isIn = async (context: GatewayContext): Promise<boolean> => {
    const header = context.req.header('authorization');
    if (settings.authOf.native === 'none' || signIn?.account(context)) return true;
    if (header === undefined) return false;
    await gatekeeper.admit('accounts', header, addressOf(context), native.challenge);
    return true;
  };
  const visited: Handler = async (context) => ((await isIn(context)) ? page() : served(signInHtml, 'text/html', 401)());
  const paths = [...new Set(apiRoutes.map(({ path }) => path))];
  return [
    { path: '/', on: { GET: isOpen ? visited : page }, isOpen },
    { path: '/api/v1/page.css', on: { GET: served(pageCss, 'text/css') }, isOpen },
    ...(signIn ? signInRoutes(signIn) : []),
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

/** Where people sign in and out. */
function signInRoutes(signIn: SignIn): readonly Route[] {
  return [
    { path: '/login', on: { GET: refusedAsText((context) => signIn.begin(context)) }, isOpen: true },
    { path: callbackPath, on: { GET: refusedAsText((context) => signIn.complete(context)) }, isOpen: true },
    // Not GET: a link of another site, or a picture in its page, would end the session.
    { path: '/logout', on: { POST: (context) => signIn.end(context) }, isOpen: true },
  ];
}
