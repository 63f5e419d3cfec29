import type { ProblemKind } from '../problemKind.ts';

/** The rules of a facility, which a file beside the schemas has. */
export const ruleKinds = {
  'rule-required': {
    severity: 'error',
    summary: 'A schema does not give what the rules of the facility ask for.',
    explanation:
      'A rule `required` of [imsc-rules.yml](rules.md) names a field or scientific metadata that every schema must give. The editor adds it, with a variable where one has its name, or empty, which stays reported until somebody fills it in.',
  },
  'rule-value': {
    severity: 'error',
    summary: 'A value that the rules of the facility do not allow.',
    explanation:
      'A rule `allowed` has the values that there may be, a rule `pattern` a regular expression that they fit. Only what stands in the schema is looked at; what comes from a data file is not known. The nearest of the allowed values can be put in its place.',
  },
  'rule-unit': {
    severity: 'error',
    summary: 'Scientific metadata with another unit than the rules of the facility want.',
    explanation:
      'A rule `unit` has the units that there may be. Another unit needs another value, too: the operator `convert_unit` makes it.',
  },
  'rule-alike': {
    severity: 'warning',
    summary: 'Scientific metadata that are called otherwise, or have another unit, in another schema of the folder.',
    explanation:
      'A rule `alike` wants one spelling and one unit for what is the same thing: whoever searches in SciCat finds only what has the name that was asked for.',
  },
} as const satisfies Record<string, ProblemKind>;
