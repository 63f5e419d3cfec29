import { list, names, section, text, textOrNull, texts } from '../../config/options.ts';
import type { Values } from '../../config/options.ts';
import { dialectNames } from '../../imsc/language/dialects.ts';
import { datasetFields } from '../../scicat/datasetFields.ts';
import { ruleKinds, ruleNames } from './ruleKinds.ts';

const severities = ['error', 'warning', 'information', 'hint'] as const;

/** Names that a schema may give; those of the other version of SciCat's API mean the same. */
const fieldNames = datasetFields.filter(({ assignable }) => assignable).map(({ name }) => name);

/**
 * Every option of `imsc-rules.yml`. Reading it, its JSON Schema and reference page are made from this table and that of
 * the kinds of rules.
 */
export const ruleOptions = section('The rules of a facility.', {
  rules: list('What schemas must keep to, each rule for itself.', 'rule', {
    rule: text('', {
      summary: 'What is asked.',
      explanation: `${ruleKinds.map(({ name, summary }) => `\`${name}\`: ${summary}`).join('; ')}.`,
      allowed: ruleNames,
      isRequired: true,
    }),
    fields: names([], {
      summary: 'The fields of the dataset that it is about.',
      explanation:
        'Both names of a field, such as `principalInvestigator` and `principalInvestigators`, mean the same.',
      items: fieldNames,
    }),
    metadata: names([], {
      summary: 'The scientific metadata that it is about, by their `machine_name`; `*` stands for any letters.',
    }),
    values: texts([], { summary: 'For `allowed` and `unit`: the values that there may be.' }),
    pattern: text('', {
      summary: 'For `pattern`: a regular expression as Python has them, which must be found in the value.',
      explanation: 'For the whole value write `^…$`.',
    }),
    severity: textOrNull(null, {
      summary: 'How bad it is not to keep to it. Without it: as the kind of problem has it.',
      allowed: severities,
      whenNull: null,
    }),
    instruments: names([], {
      summary: 'Only for schemas of these instruments, as their `instrument` says; `*` stands for any letters.',
    }),
    dialects: names([], { summary: 'Only for schemas that are written for these ingestors.', items: dialectNames }),
    because: text('', { summary: 'Why, which is told with the problem.' }),
  }),
});

export type RuleValues = Values<(typeof ruleOptions)['options']>;
