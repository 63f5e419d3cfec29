import path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isThere } from '../../core/files/host/host.ts';
import { readSmallFile } from '../../core/files/smallFile.ts';
import { findRules, readRulesFile } from '../../core/ingest/rules/findRules.ts';
import type { RuleSet } from '../../core/ingest/rules/rule.ts';
import type { TextRange } from '../../core/problems/problem.ts';
import type { Documents } from '../documents/documents.ts';
import type { Workspace } from '../documents/workspace.ts';
import { fileOf, uriOf } from '../documents/documentKind.ts';
import type { IngestorConfigs } from '../samples/ingestorConfigs.ts';
import type { PlacedText } from './problemReport.ts';

const placed = new WeakMap<RuleSet, PlacedText>();

/** The text of rules, for problems that speak of a place in it. */
export function placedRules(rules: RuleSet): PlacedText {
  const known = placed.get(rules);
  if (known) return known;
  const uri = uriOf(rules.file);
  const document = TextDocument.create(uri, 'yaml', 0, rules.text);
  const text = {
    uri,
    rangeOf: ({ start, end }: TextRange) => ({ start: document.positionAt(start), end: document.positionAt(end) }),
  };
  placed.set(rules, text);
  return text;
}

/** How long a look for rules holds where the client does not tell of files that come and change. */
const lookAge = 2000;

/** The rules of the facility for each schema of the workspace, as they are in the editor where they are open. */
export class FacilityRules {
  readonly #documents: Documents;
  readonly #workspace: Workspace;
  readonly #configs: IngestorConfigs;
  #looks = new Map<string, { readonly set: Promise<RuleSet | undefined>; readonly at: number }>();
  /** The same rules are the same object as long as their text is, so that what was made from them can be kept. */
  readonly #kept = new Map<string, RuleSet>();

  constructor(documents: Documents, workspace: Workspace, configs: IngestorConfigs) {
    this.#documents = documents;
    this.#workspace = workspace;
    this.#configs = configs;
  }

  /** The rules for a schema; undefined where there are none, and for one outside of the workspace. */
  async of(uri: string): Promise<RuleSet | undefined> {
    const file = fileOf(uri);
    const top = this.#workspace.folderOf(uri);
    if (file === undefined || top === undefined) return undefined;
    const named = await this.#named(uri, top);
    const key = named ?? path.dirname(file);
    const known = this.#looks.get(key);
    if (known && (this.#workspace.watched || Date.now() - known.at < lookAge)) return known.set;
    const set = this.#look(named, path.dirname(file), top);
    this.#looks.set(key, { set, at: Date.now() });
    return set;
  }

  /** Rules came, went or were edited: the next question looks for them anew. */
  forget(): void {
    this.#looks = new Map();
  }

  async #look(named: string | undefined, folder: string, top: string): Promise<RuleSet | undefined> {
    const read = async (file: string): Promise<string> => this.#documents.textAt(uriOf(file)) ?? readSmallFile(file);
    const found = await (named === undefined ? findRules(folder, top, read) : readRulesFile(named, read));
    if (!found) return undefined;
    const { file, text } = found.set;
    const before = this.#kept.get(file);
    if (before?.text === text) return before;
    this.#kept.set(file, found.set);
    return found.set;
  }

  /** The file that the configuration names: relative to the folder of the workspace, or else to that of the configuration. */
  async #named(uri: string, top: string): Promise<string | undefined> {
    const config = await this.#configs.of(uri);
    const written = config?.ingestion.schemas_rules ?? '';
    if (!config || written === '') return undefined;
    const inWorkspace = path.resolve(top, written);
    return isThere(inWorkspace) ? inWorkspace : path.resolve(path.dirname(config.config_file), written);
  }
}
