import { newFieldEntries } from '../../imsc/checks/newFields.ts';
import { appendEntries } from '../../imsc/edits/textEdits.ts';
import type { NewEntry } from '../../imsc/edits/textEdits.ts';
import { mayHaveMore } from '../../imsc/schema/imports.ts';
import type { Schema } from '../../imsc/schema/schema.ts';
import { otherName } from '../../imsc/translation/fieldNames.ts';
import { datasetField, datasetFields } from '../../scicat/datasetFields.ts';
import type { JudgedSchema, Rule, RuleKind, Tell } from './rule.ts';

/** What every schema must give; what is there and empty is not given. */
export const required: RuleKind = {
  name: 'required',
  code: 'rule-required',
  summary: 'every schema gives each of these',
  needs: [],
  speaksOf: 'all fields',
  takesStars: false,
  check: (rule, judged, tell) => {
    for (const name of rule.fields) checkOne(rule, judged, tell, { name, isMetadata: false });
    for (const name of rule.metadata) checkOne(rule, judged, tell, { name, isMetadata: true });
  },
};

interface Wanted {
  readonly name: string;
  readonly isMetadata: boolean;
}

function checkOne(rule: Rule, { schema, fields, valueOf }: JudgedSchema, tell: Tell, wanted: Wanted): void {
  const { name, isMetadata } = wanted;
  const names = isMetadata ? [name] : [name, otherName(name, datasetFields)?.name];
  const given = fields.filter((each) => each.isMetadata === isMetadata && names.includes(each.name));
  const what = `${isMetadata ? 'scientific metadata' : 'the field'} “${name}”`;
  const empty = given.find(({ field }) => {
    const value = valueOf(field);
    return value?.state === 'constant' && value.value.kind === 'string' && value.value.value.trim() === '';
  });
  if (given.length > 0) {
    if (given.length === 1 && empty)
      tell(
        `The rules ask for ${what}, and this is empty.`,
        (empty.field.keys.get('value')?.value ?? empty.field.entry.key).range,
      );
    return;
  }
  const section = schema.general.get('schema');
  const isWhole = !schema.tree.problems.some(({ code, severity }) => code === 'syntax' && severity === 'error');
  // What is imported, and not known, may give it.
  if (!section || !isWhole || mayHaveMore(schema)) return;
  const edit = appendEntries(schema.tree, section, entriesFor(schema, wanted));
  tell(`The rules ask for ${what}, which this schema does not give.`, section.key.range, {
    fixes: edit ? [{ title: `Add “${name}”`, edits: [edit] }] : [],
    // What SciCat itself needs is told anyway, but to the ILL, whose ingestor puts schemas together.
    ...(!isMetadata &&
      name !== 'pid' &&
      datasetField(name)?.mandatory === true && {
        onlyIn: rule.dialects.length === 0 || rule.dialects.includes('ill') ? ['ill'] : [],
      }),
  });
}

/** A complete entry; where nothing is known to fill it, its value is empty, which stays reported. */
function entriesFor(schema: Schema, { name, isMetadata }: Wanted): NewEntry[] {
  const field = isMetadata ? undefined : datasetField(name);
  if (field) return newFieldEntries(schema, [field]);
  const labels = new Set(schema.fields.map(({ label }) => label));
  const texts = [
    ['field_type', 'scientific_metadata'],
    ['machine_name', name],
    ['value', schema.variables.some((variable) => variable.name === name) ? `<${name}>` : ''],
    ['type', 'string'],
  ] as const;
  return [{ key: labels.has(name) ? `${name}_metadata` : name, texts }];
}
