import type { ClientCapabilities, Connection, ProtocolRequestType, ServerCapabilities } from 'vscode-languageserver';
import { CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Documents } from './documents/documents.ts';
import type { Evaluations } from './samples/evaluations.ts';
import type { IngestorConfigs } from './samples/ingestorConfigs.ts';
import type { ClientRequest, Notification } from './protocol.ts';
import type { KnownChoices } from './samples/knownChoices.ts';
import type { NexusDefinitions } from './samples/nexusDefinitions.ts';
import type { FacilityRules } from './problems/facilityRules.ts';
import type { Samples } from './samples/samples.ts';
import type { SettingsReader } from './settings.ts';
import type { Snapshot } from './documents/snapshot.ts';
import type { Workspace } from './documents/workspace.ts';

/** What every feature is given. */
export interface ServerContext {
  readonly connection: Connection;
  /** What the client can do. */
  readonly client: ClientCapabilities;
  /** Whether it has the commands of the extension. */
  readonly hasCommands: boolean;
  readonly documents: Documents;
  readonly workspace: Workspace;
  readonly settings: SettingsReader;
  readonly samples: Samples;
  readonly configs: IngestorConfigs;
  readonly evaluations: Evaluations;
  readonly rules: FacilityRules;
  readonly definitions: NexusDefinitions;
  /** What SciCat has said may fill the fields of a dataset. */
  readonly choices: KnownChoices;
  /** Tells the client that what it was told before may be another: for one document, or for all. */
  readonly valuesChanged: (uri?: string) => void;
}

/** One feature of the protocol: what is promised to the client, and what keeps the promise. */
export interface Feature {
  /** The methods of the protocol that it answers. */
  readonly methods: readonly string[];
  /** What a user gets, for the table in the documentation. */
  readonly summary: string;
  readonly capabilities: (client: ClientCapabilities) => Partial<ServerCapabilities>;
  readonly register: (server: ServerContext) => void;
}

/** Answers a request about one schema from the model of its newest version. */
export type Handler<Parameters, Result> = (
  snapshot: Snapshot,
  parameters: Parameters,
  token: CancellationToken,
) => Result | Promise<Result>;

/** An open document that is ours and no schema. */
export type OtherDocument = NonNullable<ReturnType<Documents['other']>>;

interface AboutDocument {
  readonly textDocument: { readonly uri: string };
}

/**
 * Registers the handler of a request about one document. One of another kind than a schema gets what `other` says, and
 * what is not ours `nothing`. A request that was cancelled, or whose document was edited while it was worked on, is
 * answered with the protocol's own error.
 */
export function onDocumentRequest<Parameters extends AboutDocument, Result, Partial, Options>(
  server: ServerContext,
  type: ProtocolRequestType<Parameters, Result, Partial, void, Options>,
  handler: Handler<Parameters, Result | ResponseError>,
  nothing: Result,
  other?: (about: OtherDocument, parameters: Parameters) => Result | Promise<Result>,
): void {
  server.connection.onRequest(
    type.method,
    async (parameters: Parameters, ...others: readonly unknown[]): Promise<unknown> => {
      const token = tokenIn(others);
      const snapshot = await wholeSchema(server, parameters.textDocument.uri);
      if (!snapshot) {
        const found = server.documents.other(parameters.textDocument.uri);
        if (!found || !other) return nothing;
        const { uri, version } = found.document;
        const result = await other(found, parameters);
        if (token.isCancellationRequested) return cancelled();
        return server.documents.version(uri) === version ? result : outdated();
      }
      const result = await handler(snapshot, parameters, token);
      if (token.isCancellationRequested) return cancelled();
      return server.documents.isCurrent(snapshot) ? result : outdated();
    },
  );
}

/** An open schema with what it imports; undefined if it is not open or no schema. */
export async function wholeSchema(server: ServerContext, uri: string): Promise<Snapshot | undefined> {
  const snapshot = server.documents.get(uri);
  return snapshot?.schema.general.has('import') === true ? server.workspace.whole(snapshot) : snapshot;
}

/** Registers the handler of a request of our own. */
export function onClientRequest<Parameters, Result>(
  server: ServerContext,
  request: ClientRequest<Parameters, Result>,
  handler: (
    parameters: Parameters,
    token: CancellationToken,
  ) => Result | ResponseError | Promise<Result | ResponseError>,
): void {
  server.connection.onRequest(
    request.method,
    (parameters: Parameters, ...others: readonly unknown[]): Promise<unknown> =>
      Promise.resolve(handler(parameters, tokenIn(others))),
  );
}

/**
 * The token among what a handler is called with besides the parameters. A client that sends its parameters as a list
 * may put more into it, such as null for a token that it has not; the connection's own token comes last.
 */
function tokenIn(others: readonly unknown[]): CancellationToken {
  return others.findLast((each) => CancellationToken.is(each)) ?? CancellationToken.None;
}

/** Registers the handler of a notification of our own. */
export function onClientNotification<Parameters>(
  server: ServerContext,
  notification: Notification<Parameters>,
  handler: (parameters: Parameters) => void,
): void {
  server.connection.onNotification(notification.method, handler);
}

export function cancelled(): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}

function outdated(): ResponseError {
  return new ResponseError(LSPErrorCodes.ContentModified, 'The document was edited meanwhile.');
}

/** A request that cannot be answered, for a reason that the user can do something about. */
export function refused(reason: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}

/** Aborts when the token is cancelled. */
export function signalOf(token: CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => {
    abort.abort();
  });
  return abort.signal;
}
