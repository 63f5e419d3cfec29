import path from 'node:path';
import { CompletionItemKind } from 'vscode-languageserver';
import { selectorFunctions, selectorSources } from '../../../core/imsc/language/selectorFunctions.ts';
import { escapeSnippet, inDialect, replacePart, withEdit } from './proposal.ts';
import type { CompletionContext, Proposal } from './proposal.ts';

/** Stands for the operand until it is typed. */
const sampleOperand = 'name';

/** The parts of `source:function:operand`, whichever the cursor is in; operands from the path of the sample. */
export function selectorProposals(context: CompletionContext): Proposal[] {
  const { text, cursor } = context.place;
  const first = text.indexOf(':');
  const second = first < 0 ? -1 : text.indexOf(':', first + 1);
  if (first < 0 || cursor <= first) return sourceParts(context, first);
  if (second < 0 || cursor <= second) return functionParts(context, first, second);
  return operands(context, second + 1, text.slice(first + 1, second));
}

/** A source with its colon on a line of its own in YAML looks like a key: the rest of the selector follows. */
export function afterSourceProposals({ place, offset }: CompletionContext, source: string): Proposal[] {
  const { entry } = place;
  if (!entry || place.scalar) return [];
  const range = { start: entry.key.range.start, end: offset };
  return selectorFunctions.map(({ name, summary }): Proposal => ({
    label: name,
    kind: CompletionItemKind.Function,
    edit: { range, newText: `${source}:${name}:\${1:${sampleOperand}}` },
    isSnippet: true,
    // All that is typed is compared.
    filter: `${source}:${name}`,
    rank: 0,
    detail: summary,
    topic: { kind: 'selector', name },
  }));
}

/** @param colon where the first part ends; negative where it is all there is */
function sourceParts(context: CompletionContext, colon: number): Proposal[] {
  const { text } = context.place;
  const end = colon < 0 ? text.length : colon;
  const functions = selectorFunctions.map(({ name }) => name).join(',');
  const proposals = selectorSources.flatMap((source): Proposal[] => {
    const { name, summary } = source;
    const rest = `:${selectorFunctions[0]?.name ?? ''}:${sampleOperand}`;
    const edit = replacePart(context, 0, end, colon < 0 ? name + rest : name);
    if (!edit) return [];
    const proposal = { label: name, kind: CompletionItemKind.EnumMember, filter: name, rank: 0, detail: summary };
    const topic = { kind: 'selector', name } as const;
    if (colon >= 0) return [inDialect(context, source, { ...proposal, edit, topic })];
    const newText = escapeSnippet(edit.newText).replace(rest, `:\${1|${functions}|}:\${2:${sampleOperand}}`);
    const snippet = { ...proposal, edit: { range: edit.range, newText }, isSnippet: true, topic };
    return [inDialect(context, source, snippet)];
  });
  const all = replacePart(context, 0, text.length, '*');
  if (colon >= 0 || !all || text.length > 1) return proposals;
  return [
    ...proposals,
    { label: '*', kind: CompletionItemKind.Constant, edit: all, filter: '*', rank: 1, detail: 'every file' },
  ];
}

function functionParts(context: CompletionContext, first: number, second: number): Proposal[] {
  const end = second < 0 ? context.place.text.length : second;
  return selectorFunctions.flatMap(({ name, summary }): Proposal[] => {
    const edit = replacePart(context, first + 1, end, second < 0 ? `${name}:${sampleOperand}` : name);
    if (!edit) return [];
    const proposal = { label: name, kind: CompletionItemKind.Function, filter: name, rank: 0, detail: summary };
    const topic = { kind: 'selector', name } as const;
    if (second >= 0) return [{ ...proposal, edit, topic }];
    const newText = escapeSnippet(edit.newText).replace(`:${sampleOperand}`, `:\${1:${sampleOperand}}`);
    return [{ ...proposal, edit: { range: edit.range, newText }, isSnippet: true, topic }];
  });
}

function operands(context: CompletionContext, start: number, functionName: string): Proposal[] {
  return operandHints(context, functionName).flatMap((hint, index): Proposal[] => {
    const edit = replacePart(context, start, context.place.text.length, hint);
    return withEdit(edit, operandProposal(hint, index));
  });
}

/** A part of the path of the sample. */
export function operandProposal(hint: string, rank: number): Omit<Proposal, 'edit'> {
  return { label: hint, kind: CompletionItemKind.Value, filter: hint, rank, detail: 'from the path of the sample' };
}

/** What would be true for the sample: parts of its path. */
export function operandHints({ file }: CompletionContext, functionName: string | undefined): string[] {
  if (!file) return [];
  const whole = file.path.replaceAll('\\', '/');
  const folders = path.posix
    .dirname(whole)
    .split('/')
    .filter((part) => part !== '');
  if (functionName === 'starts_with') {
    return folders.map((_, index) => `/${folders.slice(0, index + 1).join('/')}/`).reverse();
  }
  const name = path.posix.basename(whole);
  return [...new Set([...folders.map((folder) => `/${folder}/`).reverse(), name, path.posix.extname(name)])].filter(
    (hint) => hint !== '',
  );
}
