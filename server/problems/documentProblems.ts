import path from 'node:path';
import type { Diagnostic } from 'vscode-languageserver';
import { parseByContent } from '../../core/imsc/tree/parse.ts';
import type { DialectName } from '../../core/imsc/language/dialects.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { OtherDocument, ServerContext } from '../context.ts';
import { fileOf } from '../documents/documentKind.ts';
import { kinds } from '../kinds.ts';
import { inTheirFiles } from '../../core/imsc/schema/imports.ts';
import { wholeSchema } from '../context.ts';
import { importedText } from '../documents/importedText.ts';
import { problemsAmong } from '../documents/neighbours.ts';
import type { Neighbour } from '../documents/neighbours.ts';
import { diagnosticsOf, problemsToShow } from './problemReport.ts';
import type { PlacedText } from './problemReport.ts';
import { checkRules, checkRulesAmong } from '../../core/ingest/rules/checkRules.ts';
import type { RuleSet } from '../../core/ingest/rules/rule.ts';
import { placedRules } from './facilityRules.ts';
import type { Settings } from '../settings.ts';
import type { Snapshot } from '../documents/snapshot.ts';
import { afterwards } from '../turns.ts';

/** How long an answer waits for the sample files, in milliseconds; what they say is told afterwards. */
const patience = 200;

/** All problems of a schema, and those that are still being looked for. */
export interface DocumentProblems {
  /** As they are to be shown, in the order of the text. */
  readonly problems: readonly Problem[];
  /** The schemas of the same folder, which problems may speak of. */
  readonly neighbours: readonly Neighbour[];
  /** The rules of the facility, which problems may speak of. */
  readonly rules: RuleSet | undefined;
  /** Set while the samples are still being read; settles when there is more to say. */
  readonly late: Promise<unknown> | undefined;
}

/**
 * The problems of an open schema: those of its text, those that it has with the other schemas of its folder, and
 * those that its samples have with it.
 * @param wait whether to wait for the samples however long they take
 */
export async function problemsOfDocument(
  server: ServerContext,
  snapshot: Snapshot,
  wait = false,
): Promise<DocumentProblems> {
  const settings = await server.settings.of(snapshot.uri);
  // Without a sample there is nothing that the text alone does not show.
  const { files } = await server.samples.of(snapshot);
  if (files.length > 0 && !server.evaluations.latest(snapshot.uri)) server.evaluations.prepare();
  const evaluation = files.length > 0 ? server.evaluations.of(snapshot) : undefined;
  const neighbours = await neighboursOf(server, snapshot);
  // While the samples are being read.
  const dialect = await server.configs.dialect(snapshot.uri);
  const ofText = snapshot.problemsIn(dialect);
  const rules = await server.rules.of(snapshot.uri);
  const ready = await (wait ? evaluation : Promise.race([evaluation, pause(patience)]));
  const problems = atTheImports(snapshot, [
    ...ofText,
    ...(await problemsOfFolder(server, snapshot, neighbours)),
    ...(rules ? problemsOfRules(rules, snapshot, dialect, neighbours) : none),
    ...(ready === 'late' ? [] : (ready?.problems ?? [])),
  ]);
  return {
    problems: problemsToShow(snapshot.tree, settings, problems, dialect),
    neighbours,
    rules,
    late: ready === 'late' ? evaluation : undefined,
  };
}

/** What is told of a schema that is not open: all but what its samples say. */
export async function diagnosticsOfClosed(server: ServerContext, closed: Snapshot): Promise<Diagnostic[]> {
  const snapshot = await server.workspace.whole(closed);
  const neighbours = await neighboursOf(server, snapshot);
  const settings = await server.settings.of(snapshot.uri);
  const dialect = await server.configs.dialect(snapshot.uri);
  const ofFolder = await problemsOfFolder(server, snapshot, neighbours);
  const rules = await server.rules.of(snapshot.uri);
  const { uri, version } = snapshot;
  const told = toldOfClosed.get(neighbours) ?? new Map<string, Told>();
  toldOfClosed.set(neighbours, told);
  const before = told.get(uri);
  if (
    before?.version === version &&
    before.importsKey === snapshot.importsKey &&
    before.settings === settings &&
    before.dialect === dialect &&
    before.ofFolder === ofFolder &&
    before.rules === rules
  )
    return before.items;
  const ofRules = rules ? problemsOfRules(rules, snapshot, dialect, neighbours) : none;
  const found = atTheImports(snapshot, [...snapshot.problemsIn(dialect), ...ofFolder, ...ofRules]);
  const shown = problemsToShow(snapshot.tree, settings, found, dialect);
  const items = diagnosticsOf(snapshot, shown, textsIn(neighbours, snapshot, rules));
  told.set(uri, { version, importsKey: snapshot.importsKey, settings, dialect, ofFolder, rules, items });
  return items;
}

interface Told {
  readonly version: number;
  readonly importsKey: string;
  readonly settings: Settings;
  readonly dialect: DialectName | undefined;
  readonly ofFolder: readonly Problem[];
  readonly rules: RuleSet | undefined;
  readonly items: Diagnostic[];
}

/** Editors ask for all schemas of the workspace every few seconds; their texts need not be parsed each time. */
const toldOfClosed = new WeakMap<readonly Neighbour[], Map<string, Told>>();

/** The schemas of the folder that a schema lies in, itself included; none outside of the workspace. */
async function neighboursOf(server: ServerContext, snapshot: Snapshot): Promise<readonly Neighbour[]> {
  const file = fileOf(snapshot.uri);
  if (file === undefined || server.workspace.folderOf(snapshot.uri) === undefined) return [];
  return server.workspace.neighbours(path.dirname(file));
}

async function problemsOfFolder(
  server: ServerContext,
  snapshot: Snapshot,
  neighbours: readonly Neighbour[],
): Promise<readonly Problem[]> {
  if (neighbours.length < 2) return none;
  const config = await server.configs.of(snapshot.uri);
  const hasFallback = config && config.ingestion.fallback_schema_file_path !== '';
  return problemsAmong(neighbours, hasFallback).get(fileOf(snapshot.uri) ?? snapshot.uri) ?? none;
}

const none: readonly Problem[] = [];

const amongRuled = new WeakMap<readonly Neighbour[], { rules: RuleSet; problems: ReadonlyMap<string, Problem[]> }>();

/** What the rules of the facility say of a schema, by itself and beside its neighbours. */
function problemsOfRules(
  rules: RuleSet,
  snapshot: Snapshot,
  dialect: DialectName | undefined,
  neighbours: readonly Neighbour[],
): readonly Problem[] {
  const before = amongRuled.get(neighbours);
  const among = before?.rules === rules ? before.problems : checkRulesAmong(rules, neighbours);
  amongRuled.set(neighbours, { rules, problems: among });
  const own = checkRules(rules, snapshot.whole, snapshot.staticEvaluationIn(dialect));
  return [...own, ...(among.get(fileOf(snapshot.uri) ?? snapshot.uri) ?? none)];
}

/** Finds the texts that problems speak of: what is imported, as a whole, and neighbours as far as they are kept. */
function textsIn(
  neighbours: readonly Neighbour[],
  { whole }: Snapshot,
  rules: RuleSet | undefined,
): (file: string) => PlacedText | undefined {
  return (name) => {
    if (name === rules?.file) return placedRules(rules);
    const imported = whole.imported?.find(({ file }) => file === name);
    return imported ? importedText(imported) : neighbours.find(({ file }) => file === name);
  };
}

/** Problems that lie in what is imported, told where it is imported: what is said of a document lies in its own text. */
function atTheImports({ uri, whole }: Snapshot, problems: readonly Problem[]): Problem[] {
  if (whole.imported === undefined) return [...problems];
  return inTheirFiles(problems, { file: fileOf(uri) ?? uri, schema: whole }).map((found) => {
    const { file, ...rest } = found;
    const imported = whole.imported?.find((each) => each.file === file);
    if (!imported || !rest.range) return found;
    return {
      ...rest,
      message: `In ${path.basename(imported.file)}: ${rest.message}`,
      range: imported.place,
      related: [{ message: 'here', range: rest.range, file: imported.file }, ...(rest.related ?? [])],
    };
  });
}

/** What is told of an open document of any kind that is ours; undefined for others. */
export async function diagnosticsOfDocument(
  server: ServerContext,
  uri: string,
  wait: boolean,
): Promise<{ version: number; items: Diagnostic[]; late: Promise<unknown> | undefined } | undefined> {
  const snapshot = await wholeSchema(server, uri);
  if (snapshot) {
    const { problems, neighbours, rules, late } = await problemsOfDocument(server, snapshot, wait);
    const items = diagnosticsOf(snapshot, problems, textsIn(neighbours, snapshot, rules));
    return { version: snapshot.version, items, late };
  }
  const other = server.documents.other(uri);
  if (!other) return undefined;
  const { document } = other;
  const { version } = document;
  const placed = {
    uri,
    rangeOf: ({ start, end }: { start: number; end: number }) => ({
      start: document.positionAt(start),
      end: document.positionAt(end),
    }),
  };
  return { version, items: diagnosticsOf(placed, await problemsOfOther(server, other)), late: undefined };
}

/** The problems of an open document that is no schema, with places in its own text. */
export async function problemsOfOther(
  server: ServerContext,
  { document, kind }: OtherDocument,
): Promise<readonly Problem[]> {
  const own = (await kinds[kind].problems(document, server)).map(withoutFile);
  return problemsToShow(parseByContent(document.getText()), await server.settings.of(document.uri), own);
}

/** A problem with its place in the text at hand. */
function withoutFile(each: Problem): Problem {
  const { code, severity, message, range, meant } = each;
  return { code, severity, message, ...(range && { range }), ...(meant !== undefined && { meant }) };
}

async function pause(milliseconds: number): Promise<'late'> {
  return new Promise((resolve) => {
    afterwards(milliseconds, () => {
      resolve('late');
    });
  });
}
