import { computedVariable, fileVariable } from '../../../core/imsc/language/sources.ts';
import { builtInNames } from '../../../core/imsc/language/builtIns.ts';
import { isVariable } from '../../../core/imsc/evaluation/staticEvaluation.ts';
import type { TemplatePlace } from '../../../core/imsc/evaluation/staticEvaluation.ts';
import { moveEntryBefore, insertBefore } from '../../../core/imsc/edits/moveEntry.ts';
import type { TextEdit } from '../../../core/problems/problem.ts';
import { appendEntries, replaceInText } from '../../../core/imsc/edits/textEdits.ts';
import type { NewEntry } from '../../../core/imsc/edits/textEdits.ts';
import { valueOffsetOf } from '../../../core/imsc/tree/scalarText.ts';
import type { MapNode } from '../../../core/imsc/tree/tree.ts';
import { writeScalar } from '../../../core/imsc/edits/writeScalar.ts';
import { shortened } from '../../../core/text/shortened.ts';
import { whyNoName } from '../rename.ts';
import { nameFor } from '../../requests/variableFromPath.ts';
import { stepOf } from '../completion/proposal.ts';
import { touches } from './offer.ts';
import type { Offer, OfferContext } from './offer.ts';

/** A selected part of a template, in the decoded text. */
interface Selected {
  readonly template: TemplatePlace;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Turns texts into references, and takes parts of texts out into variables of their own. */
export function variableOffers(context: OfferContext): Offer[] {
  const selected = selectedText(context);
  return selected ? [...referenceOffers(context, selected), ...extractOffers(context, selected)] : [];
}

/** What is selected of a template; for a cursor the word that it is in, or all where there are no references. */
function selectedText({ snapshot, range }: OfferContext): Selected | undefined {
  const template = snapshot.staticEvaluation.templates.find(
    ({ scalar, isKey }) =>
      !isKey && scalar.alias === undefined && scalar.range.start <= range.start && range.end <= scalar.range.end,
  );
  if (!template) return undefined;
  const { scalar, text } = template;
  let start = valueOffsetOf(scalar, range.start);
  let end = valueOffsetOf(scalar, range.end);
  if (start === end) {
    if (template.references.length > 0) return undefined;
    start = 0;
    end = text.length;
  }
  const torn = template.references.some(
    (reference) =>
      reference.start < end && start < reference.end && !(start <= reference.start && reference.end <= end),
  );
  return torn || start === end ? undefined : { template, start, end, text: text.slice(start, end) };
}

/** The selected text is the name or the value of a variable that can be referred to here. */
function referenceOffers({ snapshot, evaluation }: OfferContext, { template, start, end, text }: Selected): Offer[] {
  if (/[<>]/.test(text)) return [];
  const { owner, scalar } = template;
  const { positions } = snapshot.staticEvaluation;
  const limit = isVariable(owner) ? (positions.get(owner.name) ?? 0) : Infinity;
  const visible = [...builtInNames, ...[...positions].filter(([, at]) => at < limit).map(([name]) => name)];
  const names = visible.filter((name) => {
    if (name === text) return true;
    const outcome = evaluation?.variables.get(name)?.outcome;
    return (
      text.length > 2 && outcome?.state === 'known' && outcome.value.kind === 'string' && outcome.value.value === text
    );
  });
  return names.slice(0, 5).flatMap((name): Offer[] => {
    const edit = replaceInText(scalar, start, end, `<${name}>`);
    return edit
      ? [{ title: `Replace “${shortened(text, 30)}” with <${name}>`, kind: 'refactor.rewrite', edits: [edit] }]
      : [];
  });
}

/** Makes a variable with the selected text, above whatever uses it. */
function extractOffers({ snapshot }: OfferContext, { template, start, end, text }: Selected): Offer[] {
  const { owner, scalar } = template;
  const { occurrences } = snapshot;
  if (text.trim() === '' || /^<[^<>]*>$/.test(text)) return [];
  const label = isVariable(owner) ? owner.name : (owner.machineName ?? owner.label);
  const name = nameFor(`/${label}_text`, occurrences);
  const use = replaceInText(scalar, start, end, `<${name}>`);
  const definition = definitionFor(snapshot, owner, name, computedVariable(text, 'string'));
  if (!use || !definition) return [];
  return [
    {
      title: `Extract “${shortened(text, 30)}” into the variable <${name}>`,
      kind: 'refactor.extract',
      edits: [definition, use],
    },
  ];
}

/** Defines a variable that nothing defines yet: from the file, with a path that stays reported until it is written. */
export function createOffers({ snapshot, problems, range }: OfferContext): Offer[] {
  const here = problems.filter(
    ({ code, range: place }) => code === 'unknown-variable' && place && touches(place, range),
  );
  return here.flatMap((problem): Offer[] => {
    const name = problem.range && snapshot.occurrences.at(problem.range.start + 1)?.name;
    if (name === undefined || whyNoName(name, snapshot.occurrences) !== undefined) return [];
    const [use] = snapshot.staticEvaluation.uses.get(name) ?? [];
    const edit = use && definitionFor(snapshot, use.template.owner, name, fileVariable('', 'string'));
    return edit ? [{ title: `Create the variable <${name}>`, kind: 'quickfix', edits: [edit], problem }] : [];
  });
}

/** A new variable where one that refers to it finds it: above that, or below all others for a field. */
function definitionFor(
  snapshot: OfferContext['snapshot'],
  owner: TemplatePlace['owner'],
  name: string,
  texts: NewEntry['texts'],
): TextEdit | undefined {
  const { schema, tree } = snapshot;
  const section = schema.general.get('variables');
  if (!section) return undefined;
  if (!isVariable(owner)) return appendEntries(tree, section, [{ key: name, texts }]);
  if (section.value?.kind !== 'map') return undefined;
  return insertBefore(tree, section.value, owner.entry, entryLines(snapshot, section.value, name, texts));
}

function entryLines(
  { tree }: OfferContext['snapshot'],
  map: MapNode,
  name: string,
  texts: NewEntry['texts'],
): string[] {
  const step = ' '.repeat(stepOf(tree));
  const write = (text: string): string => writeScalar({ kind: 'string', value: text }, tree.notation, map.flow);
  if (tree.notation === 'json') {
    const pairs = texts
      .map(([key, text]) => `${step}${write(key)}: ${write(text)}`)
      .join(',\n')
      .split('\n');
    return [`${write(name)}: {`, ...pairs, '}'];
  }
  if (map.flow) return [`${write(name)}: {${texts.map(([key, text]) => `${key}: ${write(text)}`).join(', ')}}`];
  return [`${write(name)}:`, ...texts.map(([key, text]) => `${step}${key}: ${write(text)}`)];
}

/** Moves a definition above its first use, together with what it needs itself. */
export function moveOffers({ snapshot, problems, range }: OfferContext): Offer[] {
  const { schema, tree, staticEvaluation, occurrences } = snapshot;
  const map = schema.general.get('variables')?.value;
  if (map?.kind !== 'map') return [];
  const here = problems.filter(
    (problem) => problem.code === 'used-before-definition' && problem.range && touches(problem.range, range),
  );
  return here.flatMap((problem): Offer[] => {
    const place = problem.range;
    const name = place && occurrences.at(place.start + 1)?.name;
    const moved = schema.variables.find((variable) => variable.name === name);
    const users = new Set((staticEvaluation.uses.get(name ?? '') ?? []).map(({ template }) => template.owner));
    const first = schema.variables.find((variable) => users.has(variable) && variable !== moved);
    if (!moved || !first) return [];
    const limit = schema.variables.indexOf(first);
    const needs = [...staticEvaluation.uses.values()].flat().filter(({ template }) => template.owner === moved);
    const torn = needs.some((reference) => (staticEvaluation.positions.get(reference.name) ?? -1) >= limit);
    const edits = torn ? undefined : moveEntryBefore(tree, map, moved.entry, first.entry);
    return edits
      ? [
          {
            title: `Move the definition of <${moved.name}> above <${first.name}>`,
            kind: 'quickfix',
            edits,
            problem,
            preferred: true,
          },
        ]
      : [];
  });
}
