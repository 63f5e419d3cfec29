import path from 'node:path';
import { fileState } from '../../core/files/host/host.ts';
import { readSmallFile } from '../../core/files/smallFile.ts';
import { loadConfig } from '../../core/config/config.ts';
import type { Config } from '../../core/config/config.ts';
import { dialectNamed } from '../../core/imsc/language/dialects.ts';
import type { DialectName } from '../../core/imsc/language/dialects.ts';
import type { SettingsReader } from '../settings.ts';
import type { Workspace } from '../documents/workspace.ts';

/** The ingestor's configuration that the setting `imsc.configFile` names, read again when the file has changed. */
export class IngestorConfigs {
  /** How often one was read: rises when what is known of configurations has changed. */
  reads = 0;
  readonly #settings: SettingsReader;
  readonly #workspace: Workspace;
  #defaults: Config | undefined;
  readonly #read = new Map<string, { readonly changed: number; readonly config: Config }>();

  constructor(settings: SettingsReader, workspace: Workspace) {
    this.#settings = settings;
    this.#workspace = workspace;
  }

  /** The configuration for a document; undefined where none is named or the file cannot be read. */
  async of(uri: string): Promise<Config | undefined> {
    const { configFile } = await this.#settings.of(uri);
    const folder = this.#workspace.folderOf(uri);
    if (configFile === '' || (folder === undefined && !path.isAbsolute(configFile))) return undefined;
    const file = path.resolve(folder ?? '', configFile);
    const changed = await fileState(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (changed === undefined) return undefined;
    const known = this.#read.get(file);
    if (known?.changed === changed) return known.config;
    const text = await readSmallFile(file).catch(() => undefined);
    const { config } = loadConfig({ file, text, withToken: false });
    this.#read.set(file, { changed, config });
    this.reads += 1;
    return config;
  }

  /** The dialect that a person has chosen for a schema, by a setting or here; its own comment comes first. */
  async dialect(uri: string): Promise<DialectName | undefined> {
    const { dialect } = await this.#settings.of(uri);
    if (dialect !== undefined) return dialect;
    const config = await this.of(uri);
    return config && dialectNamed(config.ingestion.schemas_dialect);
  }

  /** The same, with the defaults of all options where there is none. */
  async orDefaults(uri: string): Promise<Config> {
    return (await this.of(uri)) ?? (this.#defaults ??= loadConfig({ withToken: false }).config);
  }
}
