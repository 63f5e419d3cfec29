import path from 'node:path';
import { differenceUnseen } from '../../text/alike.ts';
import { problem } from '../../problems/problem.ts';
import type { Fix, Problem } from '../../problems/problem.ts';
import { sourceNamed } from '../../imsc/language/sources.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import type { Variable } from '../../imsc/schema/schema.ts';
import { evaluateStatically } from '../../imsc/evaluation/staticEvaluation.ts';
import type { StaticEvaluation } from '../../imsc/evaluation/staticEvaluation.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { replaceScalar } from '../../imsc/edits/textEdits.ts';
import type { Node } from '../../imsc/tree/tree.ts';
import { NexusError } from '../../nexus/model.ts';
import type { NexusDataset, NexusFile } from '../../nexus/model.ts';
import { joinPath, splitPath, worksByAccident } from '../../nexus/path.ts';
import { attributeIn, hasClass } from '../sources/nexusPlaces.ts';
import { unitConflict, unitsOfField } from './unitProblems.ts';
import { dateProblems } from '../dataset/dateProblems.ts';
import type { Evaluation, FieldOutcome, Outcome, VariableOutcome } from '../../imsc/evaluation/evaluation.ts';

/** Names of a group that are compared with a misspelt one, at most. */
const mostNames = 2000;
/** Elements of a dataset that are looked through for fractions, at most. */
const mostElements = 1000;
/** Groups of a wildcard whose names are looked at, at most. */
const mostGroups = 5;

type Failed = Extract<Outcome, { state: 'failed' }>;

/**
 * What does not fit between a sample file and a schema: paths that are not there, data of the wrong kind, wildcards that take
 * nothing or the wrong things, numbers that are cut, units that contradict. What the text alone shows is not repeated.
 * @param evaluation of the schema with this file
 * @param facts what the text of the schema says by itself, where it is known already
 */
export async function problemsOfEvaluation(
  evaluation: Evaluation,
  file: NexusFile,
  facts: StaticEvaluation = evaluateStatically(evaluation.schema),
): Promise<Problem[]> {
  const found: Problem[] = [];
  for (const result of evaluation.variables.values()) {
    if (result.variable) found.push(...(await problemsOfVariable(result, result.variable, facts, file)));
  }
  for (const result of evaluation.fields) found.push(...problemsOfField(result, evaluation, facts));
  return [...found, ...dateProblems(evaluation, facts)];
}

/** The problems that one sample file has with a schema. */
export interface SampleProblems {
  /** Absolute path. */
  readonly file: string;
  readonly problems: readonly Problem[];
}

/** Brings the problems of several samples together: what only some of them have is said once, as a disagreement. */
export function problemsOfSamples(samples: readonly SampleProblems[]): Problem[] {
  const byPlace = new Map<string, { first: Problem; files: string[] }>();
  for (const { file, problems } of samples) {
    for (const each of problems) {
      const key = `${each.code} ${each.range?.start ?? ''}`;
      const known = byPlace.get(key);
      if (known) known.files.push(file);
      else byPlace.set(key, { first: each, files: [file] });
    }
  }
  return [...byPlace.values()].map(({ first, files }) => {
    if (new Set(files).size === samples.length) return first;
    const without = samples.map(({ file }) => file).filter((file) => !files.includes(file));
    const names = without.map((file) => path.basename(file)).join(', ');
    return problem('samples-disagree', `${first.message} Not so in ${names}.`, first.range);
  });
}

async function problemsOfVariable(
  { outcome }: VariableOutcome,
  variable: Variable,
  facts: StaticEvaluation,
  file: NexusFile,
): Promise<Problem[]> {
  const node = variable.keys.get('path')?.value;
  const readsFile = variable.source && sourceNamed(variable.source).asks === 'data';
  const written = readsFile ? scalarText(node) : undefined;
  if (outcome.state === 'failed') {
    if (readsFile && node?.kind === 'list' && outcome.code === 'path-missing')
      return [problem('sample-path-missing', outcome.message, node.range)];
    if (node === undefined || written === undefined)
      return failureWithoutPath(outcome, facts.variables.get(variable.name));
    return problemsOfFailedPath(outcome, variable, written, node, file);
  }
  if (outcome.state !== 'known' || node === undefined || written === undefined) return [];
  const { provenance } = outcome;
  if (!('paths' in provenance)) return [];
  const wildcard = written.includes('*') && variable.valueType === 'string[]';
  if (wildcard) return problemsOfWildcard(outcome, provenance.paths, written, node, file);
  const cut = await numberCut(variable, provenance.paths[0], file);
  return [...cut, ...unitConflict(variable, provenance.unitFromFile, outcome.unit)];
}

/** A failure that the text alone does not show: only this sample's values bring it about. */
function failureWithoutPath(outcome: Failed, known: { state: string } | undefined): Problem[] {
  const fromData = ['operator-failed', 'conversion-failed', 'too-large', 'scicat-failed', 'answer-without-field'];
  if (known?.state === 'failed' || known?.state === 'constant' || !fromData.includes(outcome.code)) return [];
  return [problem('variable-failed', `${outcome.message} So the variable has no value.`, outcome.range)];
}

async function problemsOfFailedPath(
  outcome: Failed,
  variable: Variable,
  written: string,
  node: Node,
  file: NexusFile,
): Promise<Problem[]> {
  switch (outcome.code) {
    case 'path-missing':
      return [await missingPath(outcome, written, node, file)];
    case 'path-is-group':
      return [await groupForDataset(written, node, file)];
    case 'path-unreadable':
      return [problem('sample-unreadable-data', outcome.message, node.range)];
    case 'wrong-data':
    case 'conversion-failed':
      return [await wrongData(outcome, variable, written, node, file)];
    default:
      return [];
  }
}

async function missingPath(outcome: Failed, written: string, node: Node, file: NexusFile): Promise<Problem> {
  const name = path.basename(file.path);
  // What is sought has no one place where its parts are missing.
  const isSought = written.includes('*') || hasClass(written) || attributeIn(written) !== undefined;
  if (isSought) return problem('sample-path-missing', outcome.message, node.range);
  const components = splitPath(written);
  let group = '/';
  for (const [depth, component] of components.entries()) {
    const child = joinPath(group, component);
    const kind = await kindOf(file, child);
    if (kind === 'group' && depth + 1 < components.length) {
      group = child;
      continue;
    }
    if (kind === 'dataset') {
      const message = `${child} in ${name} is a dataset, so nothing lies below it.`;
      return problem('sample-path-missing', message, node.range, fixesFor(node, [child]));
    }
    if (kind === 'broken-link') return problem('sample-path-missing', outcome.message, node.range);
    const near = suggestion(component, await namesIn(file, group));
    const nearest = near && joinPath(group, near);
    const rest = components.slice(depth + 1);
    const repaired = nearest && rest.length > 0 ? `${nearest}/${rest.join('/')}` : nearest;
    const repairedExists = repaired !== undefined && (await kindOf(file, repaired)) !== 'missing';
    const unseen = near === undefined ? '' : differenceUnseen(component, near);
    const hint = nearest === undefined ? '' : ` Did you mean “${repairedExists ? repaired : nearest}”${unseen}?`;
    const message = `${name} has no “${component}” in ${group}.${hint}`;
    return problem('sample-path-missing', message, node.range, fixesFor(node, repairedExists ? [repaired] : []));
  }
  return problem('sample-path-missing', outcome.message, node.range);
}

async function groupForDataset(written: string, node: Node, file: NexusFile): Promise<Problem> {
  const group = `/${splitPath(written).join('/')}`;
  const datasets: string[] = [];
  try {
    const { nodes } = await file.childKinds(group, { offset: 0, limit: 50 });
    datasets.push(...nodes.filter(({ kind }) => kind === 'dataset').map((child) => child.path));
  } catch (error) {
    if (!(error instanceof NexusError)) throw error;
  }
  // What NeXus groups such as NXlog and NXsensor call the thing itself.
  const likely = datasets.filter((child) => /\/(?:value|name|data|average_value)$/.test(child));
  const offered = (likely.length > 0 ? likely : datasets).slice(0, 3);
  const hint = offered.length > 0 ? ` Take a dataset in it, such as ${offered.join(' or ')}.` : ' It holds no dataset.';
  const message = `${group} is a group in ${path.basename(file.path)}, and a variable needs a dataset.${hint}`;
  return problem('sample-path-is-group', message, node.range, fixesFor(node, offered));
}

async function wrongData(
  outcome: Failed,
  variable: Variable,
  written: string,
  node: Node,
  file: NexusFile,
): Promise<Problem> {
  const typeNode = variable.keys.get('value_type')?.value;
  const dataset = written.includes('*') ? undefined : await describeDataset(file, written);
  const fitting = dataset && fittingType(dataset);
  const near = typeNode?.kind === 'scalar' && fitting !== undefined && fitting !== variable.valueType;
  const edit = near ? replaceScalar(typeNode, fitting) : undefined;
  const fix: Fix[] = edit ? [{ title: `Change the type to ${fitting ?? ''}`, edits: [edit] }] : [];
  return problem('sample-wrong-data', outcome.message, (typeNode ?? node).range, {
    fixes: fix,
    related: [{ message: 'read from here', range: node.range }],
  });
}

/** The value type that holds the data of a dataset as it is; undefined where none does. */
export function fittingType({ type, shape }: NexusDataset): string | undefined {
  const base =
    type.kind === 'string'
      ? 'string'
      : type.kind === 'integer'
        ? 'integer'
        : type.kind === 'float'
          ? 'float'
          : undefined;
  if (base === undefined || shape === null) return undefined;
  if (shape.every((length) => length === 1)) return base;
  return shape.length === 1 ? `${base}[]` : undefined;
}

async function problemsOfWildcard(
  outcome: Extract<Outcome, { state: 'known' }>,
  paths: readonly string[],
  written: string,
  node: Node,
  file: NexusFile,
): Promise<Problem[]> {
  const name = path.basename(file.path);
  if (paths.length === 0) {
    const message = `“${written}” matches nothing in ${name}, so the list is empty.`;
    return [problem('sample-wildcard-empty', message, node.range)];
  }
  const found = outcome.notes.map((note) => problem('wildcard-skipped', note, node.range)).slice(0, 1);
  for (const [index, component] of splitPath(written).entries()) {
    if (!component.includes('*') || component === '*') continue;
    // Whoever writes these means a regular expression.
    if (/[\^$()[\]\\+?|{}]|\.\*/.test(component)) continue;
    const groups = new Set(paths.map((each) => `/${splitPath(each).slice(0, index).join('/')}`));
    for (const group of [...groups].slice(0, mostGroups)) {
      if (!worksByAccident(component, await namesIn(file, group))) continue;
      const pattern = `^${component.replaceAll('.', '\\.').replaceAll('*', '.*')}$`;
      const repaired = splitPath(written).map((each) => (each === component ? pattern : each));
      const message = `“${component}” is read as a regular expression that is searched in the names of ${group}, and takes others than the star would in a shell. Write “${pattern}” if that is meant.`;
      found.push(problem('sample-wildcard-accident', message, node.range, fixesFor(node, [`/${repaired.join('/')}`])));
      break;
    }
  }
  return found;
}

async function numberCut(variable: Variable, read: string | undefined, file: NexusFile): Promise<Problem[]> {
  const typeNode = variable.keys.get('value_type')?.value;
  if (!typeNode || read === undefined || !/^integer(?:\[\])?$/.test(variable.valueType ?? '')) return [];
  const dataset = await describeDataset(file, read);
  if (dataset?.type.kind !== 'float') return [];
  const { elements } = await file.read(read, mostElements);
  const numbers = elements.filter((element) => typeof element === 'number');
  const cut = numbers.find((element) => !Number.isInteger(element));
  if (cut === undefined) return [];
  const better = variable.valueType === 'integer' ? 'float' : 'float[]';
  const edit = typeNode.kind === 'scalar' ? replaceScalar(typeNode, better) : undefined;
  const message = `${read} holds ${cut}, and ${variable.valueType ?? ''} cuts the fraction off. Use ${better}.`;
  return [
    problem('sample-number-cut', message, typeNode.range, {
      fixes: edit ? [{ title: `Change the type to ${better}`, edits: [edit], preferred: true }] : [],
    }),
  ];
}

function problemsOfField(result: FieldOutcome, evaluation: Evaluation, facts: StaticEvaluation): Problem[] {
  const { field, outcome } = result;
  if (outcome.state !== 'failed') return unitsOfField(result, evaluation);
  const known = facts.fields.get(field);
  if (outcome.code !== 'conversion-failed' || known?.state === 'failed' || known?.state === 'constant') return [];
  return [problem('field-failed', `${outcome.message} So the field is left out.`, outcome.range)];
}

function fixesFor(node: Node, paths: readonly string[]): { fixes: Fix[] } {
  if (node.kind !== 'scalar') return { fixes: [] };
  const fixes = paths.flatMap((each): Fix[] => {
    const edit = replaceScalar(node, each);
    return edit ? [{ title: `Change to ${each}`, edits: [edit], preferred: paths.length === 1 }] : [];
  });
  return { fixes };
}

async function kindOf(file: NexusFile, where: string): Promise<'group' | 'dataset' | 'broken-link' | 'missing'> {
  try {
    return (await file.describe(where)).kind;
  } catch (error) {
    if (error instanceof NexusError) return 'missing';
    throw error;
  }
}

async function describeDataset(file: NexusFile, where: string): Promise<NexusDataset | undefined> {
  try {
    const node = await file.describe(where);
    return node.kind === 'dataset' ? node : undefined;
  } catch (error) {
    if (error instanceof NexusError) return undefined;
    throw error;
  }
}

async function namesIn(file: NexusFile, group: string): Promise<readonly string[]> {
  try {
    return (await file.childNames(group, { offset: 0, limit: mostNames })).names;
  } catch (error) {
    if (error instanceof NexusError) return [];
    throw error;
  }
}
