import type { ProblemKind } from '../problemKind.ts';
import { example } from './example.ts';

/** Variables, and what refers to them in templates. */
export const referenceKinds = {
  'used-before-definition': {
    severity: 'error',
    summary: 'A variable is used above its definition.',
    explanation:
      'Variables are evaluated from top to bottom. What refers to one further down finds nothing and is left out. Move the definition up.' +
      example(
        'variables:\n  pid: {source: VALUE, value: 20.500/<job_id>, value_type: string}\n  job_id: {source: NXS, path: /entry/entry_identifier, value_type: string}',
        'variables:\n  job_id: {source: NXS, path: /entry/entry_identifier, value_type: string}\n  pid: {source: VALUE, value: 20.500/<job_id>, value_type: string}',
      ),
  },
  'self-reference': {
    severity: 'error',
    summary: 'A variable refers to itself.',
    explanation:
      'It has no value yet while it is computed, so it never gets one. Often another name with a similar beginning was meant.' +
      example('members: {source: VALUE, value: <members>, …}', 'members: {source: VALUE, value: <members_list>, …}'),
  },
  'depends-on-failed': {
    severity: 'warning',
    summary: 'A reference to a variable that certainly has no value.',
    explanation:
      'The variable exists, but something is wrong with it whatever the data file holds. Mend that one, and this problem goes away.' +
      example(
        'variables:\n  number: {source: VALUE, value: twelve, value_type: integer}\nschema:\n  run: {value: <number>, …}',
        'variables:\n  number: {source: VALUE, value: 12, value_type: integer}\nschema:\n  run: {value: <number>, …}',
      ),
  },
  'unknown-variable': {
    severity: 'error',
    toldBy: 'run',
    summary: 'A reference to a variable that nothing defines.',
    explanation: 'The field or variable that refers to it is left out. Check the spelling, or define it further up.',
  },
  'redefines-built-in': {
    severity: 'warning',
    summary: 'A variable has the name of a built-in one.',
    explanation:
      'From there on the name stands for the new value. Readers of the schema will expect the built-in one; choose another name.' +
      example('now: {source: NXS, path: /entry/end_time, …}', 'end_time: {source: NXS, path: /entry/end_time, …}'),
  },
  'unused-variable': {
    severity: 'hint',
    summary: 'A variable that nothing uses.',
    explanation:
      'It is read or asked for in every ingestion, and a failure of it is reported, for nothing. Remove it, or use it. A variable `source_folder` counts as used, because the ingestor itself looks for it.' +
      example(
        'variables:\n  title: {source: NXS, path: /entry/title, value_type: string}\nschema: {}',
        'variables:\n  title: {source: NXS, path: /entry/title, value_type: string}\nschema:\n  name: {value: <title>, …}',
      ),
  },
  'variable-name': {
    severity: 'warning',
    summary: 'A name that templates cannot hold.',
    explanation:
      'Inside `<…>` a name ends at the first `>`, and blanks around it count. Use letters, digits and `_`.' +
      example('a>b: {source: VALUE, value: x, …}', 'a_over_b: {source: VALUE, value: x, …}'),
  },
  'stray-bracket': {
    severity: 'error',
    summary: 'Angle brackets that belong to no variable.',
    explanation:
      'A text with both a `<` and a `>` outside of its variables is never filled in: the variable or field has no value. There is no way to escape them.' +
      example('value: 1 < <x> > 0', 'value: between 0 and 1, here <x>'),
  },
  'unclosed-reference': {
    severity: 'warning',
    summary: 'A variable with only one of its brackets.',
    explanation:
      'It is taken as plain text, and is stored like that.' +
      example('value: ESS:<instrument', 'value: ESS:<instrument>'),
  },
  'literal-is-variable': {
    severity: 'warning',
    summary: 'A text that is the name of a variable, without brackets.',
    explanation:
      'Without `<` and `>` the name itself is stored in SciCat, not the value. If it really is meant as text, silence this line.' +
      example(
        'instrument:\n  machine_name: instrumentId\n  value: instrument_id',
        'instrument:\n  machine_name: instrumentId\n  value: <instrument_id>',
      ),
  },
  'placeholder-left': {
    severity: 'warning',
    summary: 'A text that is still to be filled in.',
    explanation:
      'New schemas and configurations hold texts such as `OWNER_GROUP`, `PREFIX` or `ACCESS_GROUP_1` where a person has to write something of their own. Left as they are, they go into the dataset.' +
      example(
        'owner_group: {machine_name: ownerGroup, value: OWNER_GROUP, …}',
        'owner_group: {machine_name: ownerGroup, value: <proposal_id>, …}',
      ),
  },
  'not-a-template': {
    severity: 'warning',
    summary: 'A variable in a place where none is filled in.',
    explanation:
      'Only `value` and `url` are templates. Elsewhere, such as in `path`, `<name>` is taken as it is written.' +
      example('source: NXS\npath: /entry/<name>/title', 'source: NXS\npath: /entry/instrument/title'),
  },
} as const satisfies Record<string, ProblemKind>;
