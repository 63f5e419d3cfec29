import { alike } from './alike.ts';
import { allowed, fits, hasUnit } from './allowed.ts';
import { required } from './required.ts';
import type { RuleKind } from './rule.ts';

/** Every kind of rule: checking, the JSON Schema and the reference page are made from this table. */
export const ruleKinds: readonly RuleKind[] = [required, allowed, fits, hasUnit, alike];

export const ruleNames: readonly string[] = ruleKinds.map(({ name }) => name);
