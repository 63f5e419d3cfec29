import path from 'node:path';
import { importFolders } from '../../core/ingest/schemas/importFolders.ts';
import { fileOf } from '../documents/documentKind.ts';
import { InsertTextFormat, InsertTextMode, MarkupKind } from 'vscode-languageserver';
import type { CompletionItem, CompletionList, CompletionParams } from 'vscode-languageserver';
import { wholeSchema } from '../context.ts';
import type { Handler, ServerContext } from '../context.ts';
import {
  explainDatasetFieldNamed,
  explainEntry,
  explainFieldType,
  explainKey,
  explainOperatorNamed,
  explainProblem,
  explainSource,
  explainValueTypeNamed,
  explainVariable,
} from '../explain/explain.ts';
import { explainDefinition } from '../explain/explainDefinition.ts';
import { explainNexusPath } from '../explain/explainNexus.ts';
import { paragraphs } from '../explain/markdown.ts';
import { definitionsFor } from './hover.ts';
import { lookup } from '../../core/imsc/language/registry.ts';
import { visibleText } from '../../core/text/hiddenCharacters.ts';
import { selectorFunctions, selectorSources } from '../../core/imsc/language/selectorFunctions.ts';
import { memberOf } from '../settings.ts';
import type { Snapshot } from '../documents/snapshot.ts';
import { keyOfTopic } from './completion/keys.ts';
import { hasLetters, mostItems } from './completion/letters.ts';
import { withoutPlaceholders } from './completion/proposal.ts';
import type { Importable, Proposal, Topic } from './completion/proposal.ts';
import { patience, propose } from './completion/propose.ts';
import { inTime } from '../samples/inTime.ts';
import type { LatestEvaluation } from '../samples/evaluations.ts';

/** What opens the list by itself besides letters. */
export const triggerCharacters = ['<', '/', ':', '"', "'", ' ', '-', '?', '*'];

/** Everything that may be typed at the cursor. What the sample says is offered as far as it is known by now. */
export function completion(server: ServerContext): Handler<CompletionParams, CompletionList> {
  const snippets = server.client.textDocument?.completion?.completionItem?.snippetSupport === true;
  return async (snapshot, { position }) => {
    const offset = snapshot.offsetAt(position);
    const latest = await evaluationInTime(server, snapshot);
    const { items, incomplete } = await propose(snapshot, offset, {
      evaluation: latest?.evaluation,
      file: latest?.file,
      dialect: await server.configs.dialect(snapshot.uri),
      importable: () => importableBy(server, snapshot),
    });
    const offered = likeliest(snapshot, offset, items);
    return {
      isIncomplete: incomplete === true || offered.length < items.length,
      items: itemsFrom(snapshot, offered, snippets),
    };
  };
}

/** The schemas that one may import: those that lie where it looks for them, but not itself. */
async function importableBy({ workspace }: ServerContext, { uri }: Snapshot): Promise<readonly Importable[]> {
  const own = fileOf(uri);
  if (own === undefined) return [];
  const members = await Promise.all(importFolders(own).map((folder) => workspace.neighbours(folder)));
  return members
    .flat()
    .flatMap(({ file, id, name }): Importable[] =>
      id === undefined || file === own ? [] : [{ id, name: name ?? '', file: path.basename(file) }],
    );
}

/** Of too many proposals those that have the letters typed so far, the highest first. */
function likeliest(snapshot: Snapshot, offset: number, proposals: readonly Proposal[]): readonly Proposal[] {
  if (proposals.length <= mostItems) return proposals;
  const fitting = proposals.filter(({ edit, filter }) =>
    hasLetters(filter.toLowerCase(), snapshot.textOf({ start: edit.range.start, end: offset }).toLowerCase()),
  );
  const ordered = [...(fitting.length > 0 ? fitting : proposals)].sort((a, b) => a.rank - b.rank);
  return ordered.slice(0, mostItems);
}

/** The newest evaluation that is there; the first one is waited for a little. */
async function evaluationInTime(server: ServerContext, snapshot: Snapshot): Promise<LatestEvaluation | undefined> {
  const known = server.evaluations.latest(snapshot.uri);
  if (known?.snapshot === snapshot) return known;
  const next = server.evaluations.of(snapshot).catch(() => undefined);
  return known ?? inTime(next, patience);
}

/** The proposals as the protocol has them, in their order. */
function itemsFrom(snapshot: Snapshot, proposals: readonly Proposal[], snippets: boolean): CompletionItem[] {
  const ordered = [...proposals].sort((a, b) => a.rank - b.rank);
  return ordered.map((proposal, index) => {
    const { label, kind, edit, isSnippet = false, filter, description, detail, documentation, topic, also } = proposal;
    const newText = isSnippet && !snippets ? withoutPlaceholders(edit.newText) : edit.newText;
    return {
      label: visibleText(label),
      kind,
      sortText: String(index).padStart(5, '0'),
      filterText: filter,
      textEdit: { range: snapshot.rangeOf(edit.range), newText },
      insertTextFormat: isSnippet && snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      // Lines are indented here already.
      insertTextMode: InsertTextMode.asIs,
      ...(description !== undefined &&
        description !== '' && { labelDetails: { description: visibleText(description) } }),
      ...(detail !== undefined && { detail: visibleText(detail) }),
      ...(documentation !== undefined && { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
      ...(also && {
        additionalTextEdits: also.map((each) => ({ range: snapshot.rangeOf(each.range), newText: each.newText })),
      }),
      ...(proposal.goesOn === true && { command: { title: 'Go on', command: 'editor.action.triggerSuggest' } }),
      ...(proposal.preselect === true && { preselect: true }),
      ...(topic && { data: topic }),
    };
  });
}

/** Adds the long documentation to a proposal that is looked at. */
export function resolveCompletion(server: ServerContext) {
  return async (item: CompletionItem): Promise<CompletionItem> => {
    const topic = topicFrom(item.data);
    const value = topic && (await explainTopic(server, topic));
    return value === undefined ? item : { ...item, documentation: { kind: MarkupKind.Markdown, value } };
  };
}

/** Reads a topic that went to the client and back. */
function topicFrom(data: unknown): Topic | undefined {
  const kind = memberOf(data, 'kind');
  const name = memberOf(data, 'name');
  const uri = memberOf(data, 'uri');
  const path = memberOf(data, 'path');
  if (kind === 'nexus') return typeof path === 'string' && typeof uri === 'string' ? { kind, path, uri } : undefined;
  if (typeof name !== 'string') return undefined;
  if (kind === 'variable') return typeof uri === 'string' ? { kind, name, uri } : undefined;
  return isPlainKind(kind) ? { kind, name } : undefined;
}

const plainKinds = ['key', 'source', 'operator', 'type', 'field-type', 'field', 'problem', 'selector'] as const;

function isPlainKind(kind: unknown): kind is (typeof plainKinds)[number] {
  return plainKinds.some((known) => known === kind);
}

async function explainTopic(server: ServerContext, topic: Topic): Promise<string | undefined> {
  switch (topic.kind) {
    case 'key': {
      const key = keyOfTopic(topic.name);
      return key && explainKey(key);
    }
    case 'source':
      return explainSource(topic.name);
    case 'operator':
      return explainOperatorNamed(topic.name);
    case 'type':
      return explainValueTypeNamed(topic.name);
    case 'field-type':
      return explainFieldType(topic.name);
    case 'field':
      return explainDatasetFieldNamed(topic.name);
    case 'problem':
      return explainProblem(topic.name);
    case 'selector': {
      const entry = lookup([...selectorSources, ...selectorFunctions], topic.name);
      return entry && explainEntry(entry);
    }
    case 'variable': {
      const snapshot = await wholeSchema(server, topic.uri);
      const variable = snapshot?.whole.variables.find(({ name }) => name === topic.name);
      const outcome = server.evaluations.latest(topic.uri)?.evaluation.variables.get(topic.name)?.outcome;
      return explainVariable(topic.name, variable, outcome);
    }
    case 'nexus': {
      const file = server.evaluations.latest(topic.uri)?.file;
      const definitions = await definitionsFor(server, topic.uri);
      return paragraphs(
        file && (await explainNexusPath(file, topic.path)),
        definitions && (await explainDefinition(definitions, file, topic.path)),
      );
    }
  }
}
