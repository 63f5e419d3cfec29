import type { FolderMember } from '../../imsc/checks/checkFolder.ts';
import type { StaticValue } from '../../imsc/evaluation/staticValue.ts';
import type { DialectName } from '../../imsc/language/dialects.ts';
import type { FieldAssignment, Schema } from '../../imsc/schema/schema.ts';
import type { Problem, Severity, TextRange } from '../../problems/problem.ts';

/** One rule of a facility, as its file has it. */
export interface Rule {
  readonly kind: RuleKind;
  /** Names of fields of the dataset. */
  readonly fields: readonly string[];
  /** Names of scientific metadata, with `*` for any letters. */
  readonly metadata: readonly string[];
  readonly values: readonly string[];
  readonly pattern: { readonly written: string; readonly regex: RegExp } | undefined;
  /** Undefined: as the kind of problem has it. */
  readonly severity: Severity | undefined;
  /** Empty: all. */
  readonly dialects: readonly DialectName[];
  /** Empty: all; with `*` for any letters. */
  readonly instruments: readonly string[];
  readonly because: string;
  /** Where it stands in the file of rules. */
  readonly range: TextRange;
}

/** The rules of a file. */
export interface RuleSet {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
  readonly rules: readonly Rule[];
}

/** A field of a schema that a rule may speak of. */
export interface NamedField {
  readonly field: FieldAssignment;
  readonly isMetadata: boolean;
  readonly name: string;
}

/** A schema that is looked at, and what is known of it without a data file. */
export interface JudgedSchema {
  /** With what it imports. */
  readonly schema: Schema;
  readonly fields: readonly NamedField[];
  readonly valueOf: (field: FieldAssignment) => StaticValue | undefined;
  /** Whether a text fits a pattern; undefined where that could not be told in time. */
  readonly fits: (pattern: RegExp, text: string) => boolean | undefined;
}

/** Tells what is wrong; the rest of the problem is put together from the rule. */
export type Tell = (
  message: string,
  range: TextRange,
  more?: Partial<Pick<Problem, 'fixes' | 'onlyIn' | 'related'>>,
) => void;

/** Tells it of one of several files. */
export type TellOf = (file: string, ...told: Parameters<Tell>) => void;

/** One kind of rule. */
export interface RuleKind {
  readonly name: string;
  /** The problem that a schema has which does not keep to it. */
  readonly code: 'rule-required' | 'rule-value' | 'rule-unit' | 'rule-alike';
  /** One line, without a full stop. */
  readonly summary: string;
  /** What it needs besides names. */
  readonly needs: readonly ('values' | 'pattern')[];
  /** Whether fields of the dataset may be named, or scientific metadata alone. */
  readonly speaksOf: 'all fields' | 'metadata';
  /** Whether `*` may stand in names: not where a name must be written down. */
  readonly takesStars: boolean;
  readonly check?: (rule: Rule, judged: JudgedSchema, tell: Tell) => void;
  /** What the schemas of a folder do to each other. */
  readonly checkAmong?: (rule: Rule, members: readonly FolderMember[], tell: TellOf) => void;
}
