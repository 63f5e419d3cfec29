import type { ClientCapabilities, Connection } from 'vscode-languageserver';
import { dialectNamed } from '../core/imsc/language/dialects.ts';
import type { DialectName } from '../core/imsc/language/dialects.ts';
import { problemKinds } from '../core/problems/problemCodes.ts';
import type { ProblemCode } from '../core/problems/problemCodes.ts';
import type { SeveritySetting } from '../core/imsc/checks/suppress.ts';

/** The settings under `imsc` as they hold for one document. */
export interface Settings {
  /** Paths and globs, relative to the workspace folder. */
  readonly samples: readonly string[];
  /** Relative to the workspace folder; empty for none. */
  readonly configFile: string;
  /** A folder with the NeXus class definitions, relative to the workspace folder; empty for none. */
  readonly nexusDefinitions: string;
  /** By the code of the problem. */
  readonly problems: Readonly<Partial<Record<ProblemCode, SeveritySetting>>>;
  /** Undefined where it is left to the configuration. */
  readonly dialect: DialectName | undefined;
  readonly inlayHints: boolean;
  readonly codeLens: boolean;
}

/** Reads settings per document, asking the client once and again after a change. */
export class SettingsReader {
  readonly #connection: Connection;
  readonly #pulls: boolean;
  #cache = new Map<string, Promise<Settings>>();
  /** What a client without `workspace/configuration` has pushed. */
  #pushed: unknown;

  constructor(connection: Connection, capabilities: ClientCapabilities, initial: unknown) {
    this.#connection = connection;
    this.#pulls = capabilities.workspace?.configuration === true;
    this.#pushed = memberOf(initial, 'imsc') ?? memberOf(initial, 'settings');
  }

  of(uri: string): Promise<Settings> {
    let settings = this.#cache.get(uri);
    if (!settings) {
      settings = this.#read(uri);
      this.#cache.set(uri, settings);
    }
    return settings;
  }

  /** Forgets what was read; `pushed` is what came with the notification. */
  changed(pushed: unknown): void {
    this.#pushed = memberOf(pushed, 'imsc') ?? this.#pushed;
    this.#cache = new Map();
  }

  /** Forgets one document. */
  close(uri: string): void {
    this.#cache.delete(uri);
  }

  async #read(uri: string): Promise<Settings> {
    if (!this.#pulls) return settingsFrom(this.#pushed);
    try {
      const answer: unknown = await this.#connection.workspace.getConfiguration({ scopeUri: uri, section: 'imsc' });
      return settingsFrom(answer);
    } catch (error) {
      // A client that promises settings and gives none must not take the diagnostics with it.
      this.#connection.console.warn(`The settings of ${uri} cannot be read: ${String(error)}`);
      return settingsFrom(undefined);
    }
  }
}

/** Understands what a client sends; whatever is not a setting counts as not given. */
export function settingsFrom(value: unknown): Settings {
  const samples = memberOf(value, 'samples');
  const configFile = memberOf(value, 'configFile');
  const nexusDefinitions = memberOf(value, 'nexusDefinitions');
  return {
    samples: (Array.isArray(samples) ? samples : [samples]).filter(isText),
    configFile: isText(configFile) ? configFile : '',
    nexusDefinitions: isText(nexusDefinitions) ? nexusDefinitions : '',
    dialect: dialectFrom(memberOf(value, 'dialect')),
    problems: severitiesFrom(memberOf(value, 'problems')),
    inlayHints: memberOf(memberOf(value, 'inlayHints'), 'enabled') !== false,
    codeLens: memberOf(memberOf(value, 'codeLens'), 'enabled') !== false,
  };
}

function severitiesFrom(value: unknown): Settings['problems'] {
  const found: Partial<Record<ProblemCode, SeveritySetting>> = {};
  if (typeof value !== 'object' || value === null) return found;
  for (const [code, severity] of Object.entries(value)) {
    if (isProblemCode(code) && isSeverity(severity)) found[code] = severity;
  }
  return found;
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemKinds, code);
}

function isSeverity(value: unknown): value is SeveritySetting {
  return value === 'error' || value === 'warning' || value === 'information' || value === 'hint' || value === 'off';
}

function dialectFrom(value: unknown): DialectName | undefined {
  return isText(value) ? dialectNamed(value) : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A member of something that came as JSON. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(name);
}
