import { selectorSources } from '../../../core/imsc/language/selectorFunctions.ts';
import type { NexusFile } from '../../../core/nexus/model.ts';
import type { DialectName } from '../../../core/imsc/language/dialects.ts';
import { dialectOf } from '../../../core/imsc/schema/dialectOf.ts';
import { inTime } from '../../samples/inTime.ts';
import type { AskDefinitions } from '../../samples/nexusDefinitions.ts';
import { commentAt, placeAt } from '../../documents/place.ts';
import type { Outcomes } from '../../samples/outcomes.ts';
import type { Place } from '../../documents/place.ts';
import type { Snapshot } from '../../documents/snapshot.ts';
import { aliasProposals, mergeProposals } from './anchors.ts';
import { commentProposals } from './comments.ts';
import { machineNameProposals } from './datasetFields.ts';
import { keyProposals } from './keys.ts';
import { nexusPathProposals } from './nexusPaths.ts';
import { replaceValue, withEdit } from './proposal.ts';
import type { CompletionContext, Importable, Proposal, Proposals } from './proposal.ts';
import { afterSourceProposals, operandHints, operandProposal, selectorProposals } from './selectors.ts';
import { fieldSnippets, schemaSnippet, variableSnippets } from './snippets.ts';
import { urlProposals } from './urls.ts';
import { variableProposals } from './variables.ts';
import * as words from './words.ts';

/** What is known besides the text. */
export interface Knowledge {
  readonly evaluation?: Outcomes | undefined;
  readonly file?: NexusFile | undefined;
  /** The configured one. */
  readonly dialect?: DialectName | undefined;
  /** What the NeXus definitions say, where the person has a copy. */
  readonly definitions?: AskDefinitions | undefined;
  /** The schemas that can be imported. */
  readonly importable?: (() => Promise<readonly Importable[]>) | undefined;
}

/** How long the sample file may take, in milliseconds; what it says later is offered when more is typed. */
export const patience = 100;

/** Everything that may be typed at an offset. Works on the text as it is, however broken; changes nothing. */
export async function propose(
  snapshot: Snapshot,
  offset: number,
  { evaluation, file, dialect: configured, importable }: Knowledge = {},
): Promise<Proposals> {
  const comment = commentAt(snapshot.tree, offset);
  if (comment) return { items: commentProposals(snapshot, comment, offset, configured) };
  const aliases = aliasProposals(snapshot, offset);
  if (aliases) return { items: aliases };
  const place = placeAt(snapshot.tree, offset);
  if (!place) return { items: [] };
  const dialect = dialectOf(snapshot.tree, configured);
  const context: CompletionContext = { snapshot, place, offset, evaluation, file, dialect };
  if (place.part === 'key') return { items: keyFamily(context) };
  if (place.path[0] === 'import') return { items: words.importProposals(context, (await importable?.()) ?? []) };
  if (isPath(place)) return (await inTime(nexusPathProposals(context), patience)) ?? { items: [], incomplete: true };
  return { items: valueFamily(context) };
}

function keyFamily(context: CompletionContext): Proposal[] {
  const { path } = context.place;
  if (path.length === 1 && path[0] === 'variables') return variableSnippets(context);
  if (path.length === 1 && (path[0] === 'schema' || path[0] === 'schemas')) return fieldSnippets(context);
  // A key of an object inside of a value is a template, too.
  if (path.length >= 3 && path[2] === 'value') return context.place.scalar ? variableProposals(context) : [];
  // Without its braces JSON has no keys.
  const isBare = context.snapshot.notation === 'json' && !context.snapshot.tree.root;
  return [...(isBare ? [] : [...keyProposals(context), ...mergeProposals(context)]), ...schemaSnippet(context)];
}

function isPath({ path }: Place): boolean {
  const [section, , key] = path;
  if (section === 'variables') return key === 'path' && (path.length === 3 || (path.length === 4 && path[3] === '#'));
  return section === 'sample_attachment' && (path[1] ?? '').endsWith('_path') && path.length === 2;
}

function valueFamily(context: CompletionContext): Proposal[] {
  const [section, name, key] = context.place.path;
  const { length } = context.place.path;
  switch (section) {
    case 'id':
      return length === 1 ? words.idProposals(context) : [];
    case 'selector':
      return selectorFamily(context);
    case 'sample_attachment':
      return name === 'query_sample_name' ? words.booleanProposals(context) : [];
    case 'variables':
      return variableFamily(context, key, length);
    case 'jobs':
      return key === 'type' || length < 3 ? [] : variableProposals(context);
    case 'schema':
    case 'schemas':
      return fieldFamily(context, key, length);
    default:
      return [];
  }
}

function selectorFamily(context: CompletionContext): Proposal[] {
  const last = context.place.path.at(-1);
  if (last === 'source' || last === 'operator') return words.selectorPartProposals(context, last);
  if (selectorSources.some(({ name }) => name === last)) return afterSourceProposals(context, last ?? '');
  if (last !== 'operand_2') return selectorProposals(context);
  return operandHints(context, undefined).flatMap((hint, rank) =>
    withEdit(replaceValue(context, hint), operandProposal(hint, rank)),
  );
}

function variableFamily(context: CompletionContext, key: string | undefined, length: number): Proposal[] {
  if (key === 'value' || key === 'default') return variableProposals(context);
  if (length !== 3) return [];
  switch (key) {
    case 'source':
      return words.sourceProposals(context);
    case 'value_type':
      return words.typeProposals(context);
    case 'operator':
      return words.operatorProposals(context);
    case 'url':
      return urlProposals(context);
    case 'field':
      return words.itemProposals(context);
    default:
      return key === 'unit' || words.isUnitArgument(context, key) ? words.unitProposals(context, key) : [];
  }
}

function fieldFamily(context: CompletionContext, key: string | undefined, length: number): Proposal[] {
  if (key === 'value') return variableProposals(context);
  if (length !== 3) return [];
  switch (key) {
    case 'field_type':
      return words.fieldTypeProposals(context);
    case 'machine_name':
      return machineNameProposals(context);
    case 'type':
      return words.typeProposals(context);
    case 'unit':
      return words.unitProposals(context, key);
    default:
      return [];
  }
}
