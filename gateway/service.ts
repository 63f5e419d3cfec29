import { setMaxListeners } from 'node:events';
import type { Config } from '../core/config/config.ts';
import type { Jobs } from '../core/jobs/jobs.ts';
import { Accounts } from './accounts/accounts.ts';
import type { Account } from './accounts/accounts.ts';
import { Gatekeeper } from './accounts/gatekeeper.ts';
import { Issuer } from './accounts/issuer.ts';
import { SignIn } from './accounts/signIn.ts';
import { Tokens } from './accounts/tokens.ts';
import { Engine, JobTokens } from './engine.ts';
import { addressOf } from './http/environment.ts';
import type { Answer, GatewayContext } from './http/environment.ts';
import { throughFrontDoor } from './http/frontDoor.ts';
import type { RequestLine } from './http/frontDoor.ts';
import { listen } from './http/listen.ts';
import { HttpRefusal, plainRefusal } from './http/refusal.ts';
import { application } from './http/routes.ts';
import { protocolOf } from './protocol.ts';
import type { Protocol, Services } from './protocol.ts';
import { protocols } from './protocols.ts';
import type { AuthMode } from './settings/serveOptions.ts';
import type { ServeSettings } from './settings/serveSettings.ts';
import { isUpkeep, ServiceFigures, upkeepRoutes } from './upkeep.ts';

export interface ServiceOptions {
  readonly settings: ServeSettings;
  /** The ingestor's configuration. */
  readonly config: Config;
  readonly version: string;
  readonly jobs: Jobs;
  readonly log?: ((line: RequestLine) => void) | undefined;
  readonly onBug: (error: unknown) => void;
}

export interface Service {
  readonly url: string;
  /** Where the clients of each protocol begin. */
  readonly entries: readonly { readonly name: string; readonly title: string; readonly url: string }[];
  /** Takes nothing new and lets what runs come to an end or to a point from which it goes on later. */
  close(graceMs: number): Promise<void>;
}

/**
 * Starts the ingest service.
 * @throws AccountsFileError; an error of the system if the port is taken
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { settings, jobs, config, version, onBug } = options;
  const accounts = settings.accounts_file === '' ? undefined : await Accounts.open(settings.accounts_file);
  const tokens = new Tokens();
  const ending = new AbortController();
  // As many as there are who follow something.
  setMaxListeners(0, ending.signal);
  let port = settings.port;
  const jobTokens = new JobTokens();
  const figures = new ServiceFigures();
  const deaf = jobs.stream.listen((news) => {
    if (news.kind === 'ran') figures.jobs.ran(news.job, news.milliseconds);
  });
  const engine = new Engine({
    jobs,
    config,
    storage: settings.storage,
    running: settings.limits.running,
    keeps: { keepDays: settings.expiry.keep_days, recordDays: settings.expiry.record_days },
    tokens: jobTokens,
    onBug,
  });
  const issuer = issuerOf(settings);
  const address = (): string =>
    settings.public_address === '' ? ownAddress(settings.host, port) : settings.public_address;
  const services: Services = {
    settings,
    config,
    jobs,
    jobTokens,
    gatekeeper: new Gatekeeper({ accounts, issuer }, tokens, settings.limits.failed_logins),
    signIn: signInOf(settings, issuer, address),
    tokens,
    address,
    version,
    ending: ending.signal,
  };
  const spoken = protocols.filter(({ name }) => settings.spoken.includes(name));
  const door = {
    port: () => port,
    publicAddress: settings.public_address,
    allowOrigins: settings.allow_origins,
    refuse: (path: string, status: number, message: string) =>
      refusalOf(protocolOf(spoken, path), new HttpRefusal(status, message)),
    log: (line: RequestLine) => {
      const path = pathOf(line);
      figures.answered(line, isUpkeep(path) ? 'upkeep' : (protocolOf(spoken, path)?.name ?? 'none'));
      options.log?.(line);
    },
  };
  const listening = await listen(throughFrontDoor(door, answerOf(spoken, services, figures, onBug)), {
    host: settings.host.replace(/^\[|\]$/g, ''),
    port,
    idleMs: settings.limits.idle_seconds * 1000,
    discardBytes: settings.limits.upload,
    lenient: settings.http.lenient,
  });
  ({ port } = listening);
  engine.start();
  return {
    url: services.address(),
    entries: spoken.map(({ name, title, entry }) => ({ name, title, url: `${services.address()}${entry}` })),
    async close(graceMs) {
      ending.abort();
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, graceMs).unref();
      });
      // What has not come to a stop by then goes on at the next start, from its last step.
      await Promise.all([listening.close(graceMs), Promise.race([engine.stop(), late])]);
      deaf();
    },
  };
}

function issuerOf({ oidc }: ServeSettings): Issuer | undefined {
  const { issuer, audience, name_claim: nameClaim, admins } = oidc;
  return issuer === '' ? undefined : new Issuer({ issuer, audience, nameClaim, admins });
}

function signInOf({ oidc, public_address }: ServeSettings, issuer: Issuer | undefined, own: () => string) {
  const { issuer: address, client_id: clientId } = oidc;
  if (!issuer || clientId === '') return undefined;
  return new SignIn({ issuer, address, clientId, own, isPublic: public_address !== '' });
}

const pathOf = ({ path }: RequestLine): string => path.replace(/\?.*$/s, '');

/** What answers the requests of some protocols, each in its own form, and of whoever runs the service. */
function answerOf(
  spoken: readonly Protocol[],
  services: Services,
  figures: ServiceFigures,
  onBug: (error: unknown) => void,
): Answer {
  const { settings } = services;
  const apps = new Map(
    spoken.map((protocol) => [
      protocol,
      application({
        routes: protocol.routes(services),
        refuse: protocol.refuse,
        onBug,
        admit: (context) => admitted(services, settings.authOf[protocol.name], protocol, context),
      }),
    ]),
  );
  const upkeep = application({
    routes: upkeepRoutes(services, figures),
    refuse: (refusal) => refusalOf(undefined, refusal),
    onBug,
    admit: (context) => admitted(services, settings.authOf.native, { challenge: 'Basic realm="imsc"' }, context),
  });
  return async (request, bindings) => {
    const { pathname } = new URL(request.url);
    if (isUpkeep(pathname)) return upkeep(request, bindings);
    const protocol = protocolOf(spoken, pathname);
    const app = protocol && apps.get(protocol);
    return app
      ? app(request, bindings)
      : refusalOf(undefined, new HttpRefusal(404, `There is nothing at ${pathname}.`));
  };
}

/** Who asks: by what the request says of itself, or by a session where a page may ask. */
function admitted(
  { gatekeeper, signIn }: Services,
  mode: AuthMode,
  { challenge, wantsName, hasPage = false }: Pick<Protocol, 'challenge' | 'wantsName' | 'hasPage'>,
  context: GatewayContext,
): Account | Promise<Account> {
  const header = context.req.header('authorization');
  const session = hasPage && mode === 'accounts' && header === undefined ? signIn?.account(context) : undefined;
  // Where people sign in at the issuer, a browser that is asked for a password would only be in their way.
  const asked = hasPage && signIn ? 'Bearer realm="imsc"' : challenge;
  return session ?? gatekeeper.admit(mode, header, addressOf(context), asked, wantsName);
}

function refusalOf(protocol: Protocol | undefined, refusal: HttpRefusal): Response {
  return protocol ? protocol.refuse(refusal) : plainRefusal(refusal);
}

/** The address under which this computer reaches the service. */
function ownAddress(host: string, port: number): string {
  const plain = host.replace(/^\[|\]$/g, '');
  return `http://${plain.includes(':') ? `[${plain}]` : plain}:${port}`;
}
