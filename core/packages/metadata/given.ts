import { budget } from '../../limits/budget.ts';
import { unstorableKey } from '../../text/storableKeys.ts';
import { finding } from '../rules.ts';
import type { Finding } from '../rules.ts';
import { fieldPrefix, made, terms } from './terms.ts';
import type { Said } from './terms.ts';

/** A field of the dataset that a metadata file gives. */
export interface GivenField {
  /** A field of SciCat's, or `scientificMetadata.<namespace>`. */
  readonly field: string;
  readonly value: Said;
  /** Where it comes from, as people are told: `codemeta:name`, `ark-file-meta.csv line 3`. */
  readonly from: string;
  readonly place?: { readonly line: number } | undefined;
  /** Used only where the schema gives nothing. */
  readonly yields?: boolean | undefined;
}

/** One thing that a metadata file says of the dataset. */
export interface Statement {
  readonly namespace: string;
  readonly element: string;
  readonly value: Said;
  /** Its name and place, as people are told. */
  readonly from: string;
  readonly line?: number | undefined;
}

export interface GivenFields {
  readonly given: readonly GivenField[];
  readonly findings: readonly Finding[];
}

/**
 * The fields of a dataset that statements give, by the table of terms.
 * @param form which column of the table counts
 * @param nameOf how the table writes a statement
 */
export function givenFields(
  statements: readonly Statement[],
  form: 'atom' | 'table',
  nameOf: (statement: Statement) => string,
): GivenFields {
  const given: GivenField[] = [];
  const findings: Finding[] = [];
  const add = (field: string, value: Said, sources: readonly Statement[], yields?: true): void => {
    const path = field.startsWith('scientificMetadata.') ? field.replace('.', '/') : field;
    const key = unstorableKey(path, path.slice(path.indexOf('/') + 1), value, budget.givenDepth);
    const line = sources[0]?.line;
    if (key !== undefined) findings.push(finding('metadata', key, { ...(line !== undefined && { line }) }));
    else {
      const from = [...new Set(sources.map((source) => source.from))].join(', ');
      given.push({ field, value, from, ...(line !== undefined && { place: { line } }), ...(yields && { yields }) });
    }
  };
  const byName = grouped(statements, nameOf);
  for (const term of terms) {
    for (const name of term[form]) {
      const sources = byName.get(name) ?? [];
      const said = sources.map(({ value }) => value);
      const value = made(term, name, said);
      if (value === undefined) continue;
      add(term.field, value, sources, term.yields);
      break;
    }
  }
  const named = new Set(terms.flatMap((term) => term[form]));
  const others = statements.filter((statement) => !named.has(nameOf(statement)));
  for (const [namespace, all] of grouped(others, (statement) => statement.namespace)) {
    const elements = [...grouped(all, ({ element }) => element)];
    if (namespace === fieldPrefix) {
      for (const [field, sources] of elements) add(field, together(sources), sources);
      continue;
    }
    const value = Object.fromEntries(elements.map(([element, sources]) => [element, together(sources)]));
    add(`scientificMetadata.${namespace}`, value, all);
  }
  return { given, findings };
}

function grouped(statements: readonly Statement[], key: (statement: Statement) => string): Map<string, Statement[]> {
  const groups = new Map<string, Statement[]>();
  for (const statement of statements) {
    const group = groups.get(key(statement));
    if (group) group.push(statement);
    else groups.set(key(statement), [statement]);
  }
  return groups;
}

/** What is said once as it is, otherwise a list. */
function together(sources: readonly Statement[]): Said {
  const [only, ...more] = sources.map(({ value }) => value);
  return only === undefined || more.length > 0 ? sources.map(({ value }) => value) : only;
}
