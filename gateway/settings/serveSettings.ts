import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildValues, fitsTable, readOptionFile, report } from '../../core/config/readOptions.ts';
import type { Reading } from '../../core/config/readOptions.ts';
import type { OptionTable } from '../../core/config/options.ts';
import { failureReason } from '../../core/files/failureReason.ts';
import { isLoopback, isSafeToAsk, parseOrigin } from '../../core/http/ownAddress.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { pageParts, serveOptions } from './serveOptions.ts';
import type { AuthMode, ServeValues } from './serveOptions.ts';

export type ProtocolName = keyof ServeValues['protocols'];

/** What `imsc serve` was told: the file's values with what the command line says over them, and paths made absolute. */
export interface ServeSettings extends ServeValues {
  /** The protocols that are spoken. */
  readonly spoken: readonly ProtocolName[];
  /** Who is let in to each. */
  readonly authOf: Readonly<Record<ProtocolName, AuthMode>>;
}

/** What stands on the command line. */
export interface ServeOverrides {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly store?: string | undefined;
  /** Added to those of the file. */
  readonly locations?: readonly { readonly name: string; readonly path: string }[] | undefined;
  readonly allowOrigins?: readonly string[] | undefined;
  /** Only these are spoken; the page and the native API always are. */
  readonly protocols?: readonly ProtocolName[] | undefined;
}

export interface ServeSources {
  /** Path of `imsc-serve.yml`; without it the defaults count. */
  readonly file?: string | undefined;
  /** Its text, where it is at hand. */
  readonly text?: string | undefined;
  readonly overrides?: ServeOverrides | undefined;
}

const table: OptionTable = serveOptions.options;
const isServeValues = (value: unknown): value is ServeValues => fitsTable(table, value);

export const protocolNames: readonly ProtocolName[] = ['openem', 'arkivum', 'sword', 'native'];

/**
 * Reads what the service is to do, and everything that is wrong with it, each with its place. Nothing is made or opened.
 */
export function loadServeSettings({ file, text, overrides = {} }: ServeSources): {
  readonly settings: ServeSettings;
  readonly problems: readonly Problem[];
} {
  const reading: Reading = {
    table,
    values: new Map(),
    origins: new Map(),
    ranges: new Map(),
    problems: [],
    file: file === undefined ? undefined : path.resolve(file),
  };
  readOptionFile(reading, text);
  const values = buildValues(table, '', reading.values);
  if (!isServeValues(values)) throw new Error('The table of options made a value that it does not accept itself.');
  const settings = settle(values, overrides, reading.file === undefined ? process.cwd() : path.dirname(reading.file));
  checkTogether(reading, settings);
  // An unknown key may be a misspelt one that was to make the service safe.
  const problems = reading.problems.map((found): Problem =>
    found.code === 'config-unknown-key' ? { ...found, severity: 'error' } : found,
  );
  return { settings, problems };
}

function settle(values: ServeValues, overrides: ServeOverrides, folder: string): ServeSettings {
  const { protocols } = overrides;
  const at = (name: string): string => (name === '' ? '' : path.resolve(folder, name));
  const isSpoken = (name: ProtocolName): boolean =>
    protocols && name !== 'native' ? protocols.includes(name) : values.protocols[name].enabled;
  const authOf = (name: ProtocolName): AuthMode => {
    const own = values.protocols[name].auth;
    // Whoever has accounts means them for deposits, which come from outside.
    const hasAccounts = values.accounts_file !== '' || values.oidc.issuer !== '';
    const usual = name === 'sword' && hasAccounts ? 'accounts' : values.auth;
    return (own ?? usual) === 'accounts' ? 'accounts' : 'none';
  };
  return {
    ...values,
    host: overrides.host ?? values.host,
    port: overrides.port ?? values.port,
    // A database has an address, which is no path.
    store: overrides.store ?? (/^\w+:\/\//.test(values.store) ? values.store : at(values.store)),
    storage: at(values.storage),
    accounts_file: at(values.accounts_file),
    public_address: values.public_address.replace(/\/+$/, ''),
    scicat_frontend: values.scicat_frontend.replace(/\/+$/, ''),
    locations: [
      ...values.locations.map((each) => ({ ...each, path: at(each.path) })),
      ...(overrides.locations ?? []).map((each) => ({
        published_as: null,
        data_file: null,
        has_datasets: false,
        name: each.name,
        path: path.resolve(each.path),
      })),
    ],
    allow_origins: [...values.allow_origins, ...(overrides.allowOrigins ?? [])],
    protocols: {
      ...values.protocols,
      sword: {
        ...values.protocols.sword,
        collections: values.protocols.sword.collections.map((each) => ({
          ...each,
          config: at(each.config),
          schema: at(each.schema),
        })),
      },
    },
    spoken: protocolNames.filter(isSpoken),
    authOf: {
      openem: authOf('openem'),
      arkivum: authOf('arkivum'),
      sword: authOf('sword'),
      native: authOf('native'),
    },
  };
}

/** Names that stand in addresses and in front of paths. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What is wrong with options that are right one by one, and with what they name. */
function checkTogether(reading: Reading, settings: ServeSettings): void {
  const tell = (option: string, message: string): void => {
    const range = reading.ranges.get(option);
    if (range) report(reading, 'config-value', message, { range });
    else reading.problems.push(problem('config-value', message));
  };
  checkNetwork(settings, tell);
  if (settings.scicat_frontend !== '' && !isWebAddress(settings.scicat_frontend))
    tell('scicat_frontend', "'scicat_frontend' must be an address such as https://scicat.example.org.");
  checkNames('locations', 'location', settings.locations, tell);
  for (const [index, { path: folder, name }] of settings.locations.entries())
    if (folder !== '') checkFolder(`locations[${index}].path`, `The folder of the location “${name}”`, folder, tell);
  if (settings.storage !== '') checkFolder('storage', 'The folder for what is deposited', settings.storage, tell);
  const { arkivum, openem, sword } = settings.protocols;
  checkNames('protocols.arkivum.datapools', 'data pool', arkivum.datapools, tell);
  checkNames('protocols.sword.collections', 'collection', sword.collections, tell);
  for (const [index, { config, schema, name }] of sword.collections.entries()) {
    for (const [key, named] of [
      ['config', config],
      ['schema', schema],
    ] as const)
      if (named !== '' && !existsSync(named))
        tell(
          `protocols.sword.collections[${index}].${key}`,
          `The ${key} of the collection “${name}” is not there: ${named}.`,
        );
  }
  for (const [pattern, part] of Object.entries(openem.sections))
    if (!pageParts.some((known) => known === part))
      tell(
        'protocols.openem.sections',
        `“${pattern}” leads to “${part}”; the parts of the page are ${pageParts.join(', ')}.`,
      );
}

type Tell = (option: string, message: string) => void;

function checkNetwork(settings: ServeSettings, tell: Tell): void {
  const { host, port, public_address, accounts_file, oidc, allow_origins, spoken, authOf, http } = settings;
  if (port > 65535) tell('port', `'port' must be at most 65535, not ${port}.`);
  const address = parseOrigin(public_address);
  if (public_address !== '' && !address)
    tell('public_address', "'public_address' must be an address without a path, such as https://ingest.example.org.");
  const open = spoken.filter((name) => authOf[name] === 'none');
  if (!isLoopback(host)) {
    if (public_address === '')
      tell(
        'host',
        `To listen on ${host}, others need 'public_address': the address under which they reach the service.`,
      );
    if (open.length > 0)
      tell('host', `To listen on ${host} needs 'auth: accounts': ${open.join(', ')} would be open to everybody.`);
  }
  if (spoken.some((name) => authOf[name] === 'accounts') && accounts_file === '' && oidc.issuer === '')
    tell(
      'auth',
      "'auth: accounts' needs 'accounts_file', for which imsc serve --add-account NAME makes accounts, or 'oidc.issuer'.",
    );
  if (oidc.issuer !== '' && !isIssuer(oidc.issuer))
    tell('oidc.issuer', "'oidc.issuer' must be an address with https, such as https://login.example.org/realms/lab.");
  if (oidc.issuer === '' && oidc.client_id !== '')
    tell(
      'oidc.client_id',
      "'oidc.client_id' needs 'oidc.issuer': the address of the issuer whose client this service is.",
    );
  if (oidc.issuer !== '' && oidc.audience === '')
    tell('oidc.audience', "'oidc.issuer' needs 'oidc.audience': the issuer's tokens for others would be let in, too.");
  if (http.lenient && !isLoopback(host) && address?.protocol !== 'https:')
    tell('http.lenient', "'http.lenient' needs an address of this computer, or a 'public_address' with https.");
  for (const origin of allow_origins)
    if (parseOrigin(origin)?.origin !== origin)
      tell(
        'allow_origins',
        `“${origin}” in 'allow_origins' must be the exact origin of a page, such as https://scicat.example.org.`,
      );
}

/** An address whose answers nobody on the way can change. */
function isIssuer(text: string): boolean {
  return isWebAddress(text) && isSafeToAsk(text);
}

/** An address that a browser opens, with or without a path; nothing that runs, and no password in it. */
function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username + password + search + hash === '';
}

function checkNames(option: string, word: string, items: readonly { readonly name: string }[], tell: Tell): void {
  for (const [index, { name }] of items.entries()) {
    if (name === '') continue;
    if (!plainName.test(name))
      tell(
        `${option}[${index}].name`,
        `The name of a ${word} is letters, digits, dots, hyphens and underscores: “${name}”.`,
      );
    if (items.findIndex((other) => other.name === name) < index)
      tell(`${option}[${index}].name`, `There are two of the name “${name}” in '${option}'.`);
  }
}

function checkFolder(option: string, what: string, folder: string, tell: Tell): void {
  try {
    if (!statSync(folder).isDirectory()) tell(option, `${what} is no folder: ${folder}.`);
  } catch (error) {
    tell(option, `${what} cannot be used: ${folder}: ${failureReason(error)}.`);
  }
}
