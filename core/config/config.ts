import path from 'node:path';
import { inQuotes, placeholdersIn } from '../text/placeholders.ts';
import { CatalogueAddress } from '../scicat/catalogueAddress.ts';
import type { ProblemCode } from '../problems/problemCodes.ts';
import { problem } from '../problems/problem.ts';
import type { Problem } from '../problems/problem.ts';
import { suggestion } from '../problems/suggestion.ts';
import type { Config } from './configOptions.ts';
import { commandLineFlag, optionEntries, optionNamed, optionTable } from './configTable.ts';
import type { GivenValue } from './configValue.ts';
import { readGiven } from './configValue.ts';
import { failureReason } from '../files/failureReason.ts';
import { cryptoHashName, unknownHashMessage, usualHashes } from '../files/hashAlgorithms.ts';
import { buildValues, fitsTable, readOptionFile, report, severityFor } from './readOptions.ts';
import type { Place, Reading } from './readOptions.ts';
import { Secret } from './secret.ts';
import { readSmallFileSync } from '../files/smallFile.ts';

export type { Config } from './configOptions.ts';

export interface ConfigSources {
  /** Path of the configuration file, JSON or YAML by its content. Without it: defaults and overrides. */
  readonly file?: string | undefined;
  /** The text of `file`, where it is at hand (an editor's unsaved text); otherwise the file is read. */
  readonly text?: string | undefined;
  /** What the command line says: option (`ingestion.dry_run`, also `ingestion.dry-run`) to value. */
  readonly overrides?: Readonly<Record<string, GivenValue>> | undefined;
  /** False leaves the token out, with the file that it may be in; for who asks nobody. */
  readonly withToken?: boolean | undefined;
  /** For `imsc online`: what only that reads must be right. */
  readonly isOnline?: boolean | undefined;
  /** Environment; `SCICAT_TOKEN` is the only variable looked at. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

export interface LoadedConfig {
  /** Complete in any case; where `problems` has an error, the default stands for what could not be read. */
  readonly config: Config;
  readonly problems: readonly Problem[];
  /** Says of an option what is wrong with it, beyond its type, where it was written. */
  readonly wrong: WrongOption;
}

/** What is wrong with an option (`kafka.topics`), to stand behind its name. */
export type WrongOption = (option: string, message: string) => Problem;

/** Where it is not known where options were written. */
export const wrongOption: WrongOption = (option, message) => problem('config-value', `'${option}' ${message}`);

function readOverrides(reading: Reading, overrides: Readonly<Record<string, GivenValue>>): void {
  const withoutFile: Reading = { ...reading, file: undefined };
  for (const [name, given] of Object.entries(overrides)) {
    const entry = optionNamed(name);
    if (!entry) {
      const near = suggestion(
        name,
        optionEntries.map((each) => each.path),
      );
      const hint = near === undefined ? '' : ` Did you mean ${commandLineFlag(near)}?`;
      report(withoutFile, 'config-unknown-key', `${commandLineFlag(name)} is not an option.${hint}`, {
        severity: 'error',
      });
      continue;
    }
    const read = readGiven(entry.option, given);
    if ('expected' in read) {
      const message = `${commandLineFlag(entry.path)} must be ${read.expected}.`;
      report(withoutFile, 'config-value', message, { severity: severityFor(reading, entry.option) });
      continue;
    }
    reading.values.set(entry.path, read.value);
    reading.origins.set(entry.path, 'command line');
    reading.ranges.delete(entry.path);
  }
}

/** The first that is given: token and token file of the command line, SCICAT_TOKEN, token file and token of the file. */
function resolveToken(reading: Reading, env: ConfigSources['env']): void {
  const { values, origins } = reading;
  const onCommandLine = (option: string): boolean => origins.get(option) === 'command line';
  const fromEnvironment = env?.['SCICAT_TOKEN']?.trim();
  if (onCommandLine('scicat.token')) {
    const message = 'A token on the command line can be seen by other users: use SCICAT_TOKEN or --scicat.token-file.';
    report({ ...reading, file: undefined }, 'config-insecure', message);
    return;
  }
  if (fromEnvironment && !onCommandLine('scicat.token_file')) {
    values.set('scicat.token', new Secret(fromEnvironment));
    return;
  }
  const tokenFile = values.get('scicat.token_file');
  if (typeof tokenFile !== 'string' || tokenFile === '') return;
  const base = onCommandLine('scicat.token_file') || reading.file === undefined ? '' : path.dirname(reading.file);
  const fullPath = path.resolve(base, tokenFile);
  const range = reading.ranges.get('scicat.token_file');
  const place = range ? reading : { ...reading, file: undefined };
  values.set('scicat.token', new Secret(''));
  try {
    const token = readSmallFileSync(fullPath).trim();
    if (token === '') report(place, 'token-file', `The token file ${fullPath} is empty.`, { range });
    values.set('scicat.token', new Secret(token));
  } catch (error) {
    report(place, 'token-file', `The token file ${fullPath} cannot be read: ${failureReason(error)}.`, { range });
  }
}

/** Where jobs are kept: a folder stands relative to that of the configuration, a database has an address. */
function resolveJobs({ values, file }: Reading): void {
  if (file === undefined) return;
  const at = (text: string): string =>
    text === '' || /^\w+:\/\//.test(text) ? text : path.resolve(path.dirname(file), text);
  const { store, folder } = { store: values.get('jobs.store'), folder: values.get('jobs.folder') };
  if (store instanceof Secret) values.set('jobs.store', new Secret(at(store.reveal())));
  if (typeof folder === 'string') values.set('jobs.folder', at(folder));
}

/** Values of the section `dataset` that only show what a value looks like: a copied example. */
function reportExamples(reading: Reading): void {
  for (const [option, value] of reading.values) {
    if (!option.startsWith('dataset.')) continue;
    const found = [value].flat().flatMap((text) => (typeof text === 'string' ? placeholdersIn(text) : []));
    if (found.length === 0) continue;
    const range = reading.ranges.get(option);
    const message = `'${option}' is ${inQuotes(found)}, an example of a value, and would be stored like that. Write the one that is meant, or null to leave it out.`;
    report(range ? reading : { ...reading, file: undefined }, 'placeholder-left', message, { range });
  }
}

/** What is wrong with options that are right one by one. */
function checkTogether(reading: Reading, config: Config): void {
  const files = config.ingestion.file_handling;
  const at = (option: string): [Reading, Place] => {
    const range = reading.ranges.get(option);
    return [range ? reading : { ...reading, file: undefined }, { range }];
  };
  const tell = (option: string, code: ProblemCode, message: string, meant?: string): void => {
    const [place, range] = at(option);
    report(place, code, message, { ...range, meant });
  };
  if (files.save_file_hash && !files.compute_file_hash) {
    const message = 'save_file_hash has no effect without compute_file_hash: no checksum file is written.';
    tell('ingestion.file_handling.save_file_hash', 'config-no-effect', message);
  }
  if (files.compute_file_hash && cryptoHashName(files.file_hash_algorithm) === undefined) {
    const written = files.file_hash_algorithm;
    const meant = suggestion(written, usualHashes);
    tell('ingestion.file_handling.file_hash_algorithm', 'hash-algorithm', unknownHashMessage(written), meant);
  }
  const address = CatalogueAddress.parse(config.scicat.host);
  if (!(address instanceof CatalogueAddress)) {
    tell('scicat.host', 'config-value', `'scicat.host' ${address.fault}.`);
  } else if (address.url.startsWith('https:') && !config.scicat.verify) {
    const message = "'scicat.verify' is false: the server's certificate is not checked, and the token goes to anybody.";
    tell('scicat.verify', 'config-insecure', message);
  } else if (isInTheClear(address) && hasSecrets(config)) {
    const message = `'scicat.host' begins with http://, so that everybody between here and ${new URL(address.url).host} can read the token; use https://.`;
    tell('scicat.host', 'config-insecure', message);
  }
}

function hasSecrets({ scicat }: Config): boolean {
  return !scicat.token.isEmpty || Object.values(scicat.additional_headers).some((value) => !value.isEmpty);
}

/** Whether what is sent goes through a network where others can read it. */
export function isInTheClear({ url }: CatalogueAddress): boolean {
  const { protocol, hostname } = new URL(url);
  const isOwnComputer =
    /^(?:127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\]|(?:.*\.)?localhost)\.?$/.test(hostname);
  return protocol === 'http:' && !isOwnComputer;
}

/** The address of SciCat as everything else has it: written in one way. */
function normaliseHost({ values }: Reading): void {
  const host = values.get('scicat.host');
  const address = typeof host === 'string' ? CatalogueAddress.parse(host) : undefined;
  if (!(address instanceof CatalogueAddress)) return;
  values.set('scicat.host', address.url);
  if (/\/api$/i.test(address.url)) takeVersionsOfPaths(values, address.url);
}

/**
 * The next Python ingestor has no version in the address but in each of the paths, and writes datasets in v4
 * (SciCatProject/scicat-ingestor#243).
 */
function takeVersionsOfPaths(values: Reading['values'], url: string): void {
  values.set('scicat.host', `${url}/v3`);
  if (!values.has('scicat.apiVersion')) values.set('scicat.apiVersion', 'v4');
  for (const [option, value] of values) {
    if (!option.startsWith('scicat.api_endpoints.') || typeof value !== 'string') continue;
    values.set(option, value.replace(/^v[34]\//i, ''));
  }
  const health = values.get('scicat.api_endpoints.health');
  if (health !== undefined && health !== '') values.set('scicat.health_endpoint', health);
}

const isConfig = (value: unknown): value is Config => fitsTable(optionTable, value);

/**
 * Reads the ingestor's configuration: defaults, then the file, then the command line. Never throws for what a person
 * wrote; missing sections are filled with defaults. The file is the Python ingestor's own, JSON or YAML.
 */
export function loadConfig({
  file,
  text,
  overrides = {},
  env = {},
  withToken = true,
  isOnline,
}: ConfigSources): LoadedConfig {
  const reading: Reading = {
    table: optionTable,
    values: new Map(),
    origins: new Map(),
    ranges: new Map(),
    problems: [],
    file: file === undefined ? undefined : path.resolve(file),
    isOnline,
  };
  readOptionFile(reading, text);
  readOverrides(reading, overrides);
  if (file !== undefined) reading.values.set('config_file', file);
  if (withToken) resolveToken(reading, env);
  else reading.values.delete('scicat.token');
  normaliseHost(reading);
  resolveJobs(reading);
  const config = buildValues(optionTable, '', reading.values);
  if (!isConfig(config)) throw new Error('The table of options made a value that it does not accept itself.');
  reportExamples(reading);
  checkTogether(reading, config);
  const wrong: WrongOption = (option, message) => {
    const range = reading.ranges.get(option);
    const at = range && reading.file !== undefined ? { file: reading.file } : {};
    return { ...wrongOption(option, message), ...(range && { range }), ...at };
  };
  return { config, problems: reading.problems, wrong };
}
