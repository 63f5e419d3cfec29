import path from 'node:path';
import { findRules, readRulesFile, unreadable } from '../../core/ingest/rules/findRules.ts';
import type { FoundRules } from '../../core/ingest/rules/findRules.ts';
import type { RuleSet } from '../../core/ingest/rules/rule.ts';
import type { Problem } from '../../core/problems/problem.ts';

/** The rules of the facility for each schema, read once, and what is wrong with them. */
export class RulesOfSchemas {
  readonly #named: string | undefined;
  readonly #byFolder = new Map<string, Promise<FoundRules | undefined>>();
  readonly #byFile = new Map<string, FoundRules>();

  /** @param named the file of rules for all schemas; without it, it is looked for beside and above each */
  constructor(named?: string) {
    this.#named = named;
  }

  /** The rules for the schemas of a folder. */
  async of(folder: string): Promise<RuleSet | undefined> {
    const key = this.#named ?? folder;
    const found = this.#byFolder.get(key) ?? this.#find(folder);
    this.#byFolder.set(key, found);
    return this.#kept(await found)?.set;
  }

  /** Reads a file of rules for its own sake. */
  async read(file: string): Promise<void> {
    this.#kept((await readRulesFile(file)) ?? unreadable(file, 'it does not exist'));
  }

  /** What is wrong with the rules that were read. */
  get problems(): readonly Problem[] {
    return [...this.#byFile.values()].flatMap(({ problems }) => problems);
  }

  async #find(folder: string): Promise<FoundRules | undefined> {
    if (this.#named === undefined) return findRules(folder, process.cwd());
    const file = path.resolve(this.#named);
    return (await readRulesFile(file)) ?? unreadable(file, 'it does not exist');
  }

  #kept(found: FoundRules | undefined): FoundRules | undefined {
    if (found) this.#byFile.set(found.set.file, found);
    return found;
  }
}
