import {
  CodeActionRequest,
  CodeActionResolveRequest,
  CodeLensRequest,
  CompletionRequest,
  CompletionResolveRequest,
  DefinitionRequest,
  DocumentDiagnosticRequest,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  LinkedEditingRangeRequest,
  MarkupKind,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SelectionRangeRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
  WorkspaceDiagnosticRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver';
import type { ClientCapabilities, ServerCapabilities } from 'vscode-languageserver';
import { onDocumentRequest } from './context.ts';
import type { Feature, ServerContext } from './context.ts';
import { codeAction, codeActionKinds, resolveCodeAction } from './features/codeAction.ts';
import { nearWordActions } from './features/codeActions/nearWords.ts';
import { codeLens } from './features/codeLens.ts';
import { kinds } from './kinds.ts';
import { completion, resolveCompletion, triggerCharacters } from './features/completion.ts';
import { definition } from './features/definition.ts';
import { documentDiagnostics, workspaceDiagnostics } from './features/diagnostics.ts';
import { documentHighlight } from './features/documentHighlight.ts';
import { documentLink } from './features/documentLink.ts';
import { documentSymbol } from './features/documentSymbol.ts';
import { foldingRange } from './features/foldingRange.ts';
import { formatting } from './features/formatting.ts';
import { hover } from './features/hover.ts';
import { inlayHint } from './features/inlayHint.ts';
import { linkedEditing } from './features/linkedEditing.ts';
import { references } from './features/references.ts';
import { prepareRename, rename } from './features/rename.ts';
import { selectionRange } from './features/selectionRange.ts';
import { legend, semanticTokens } from './features/semanticTokens.ts';
import { signatureHelp } from './features/signatureHelp.ts';
import { workspaceSymbol } from './features/workspaceSymbol.ts';

/** Everything that the server does for an editor: the capabilities, the handlers and the table in `docs/` are this. */
export const features: readonly Feature[] = [
  {
    methods: [DocumentDiagnosticRequest.method, WorkspaceDiagnosticRequest.method],
    summary: 'All problems of a schema, and of the closed ones of the workspace; pushed to clients that do not ask.',
    capabilities: () => ({
      diagnosticProvider: { identifier: 'imsc', interFileDependencies: true, workspaceDiagnostics: true },
    }),
    register: (server) => {
      server.connection.languages.diagnostics.on(documentDiagnostics(server));
      server.connection.languages.diagnostics.onWorkspace(workspaceDiagnostics(server));
    },
  },
  {
    methods: [CompletionRequest.method, CompletionResolveRequest.method],
    summary:
      'Keys, sources, operators, types, variables inside of texts, dataset fields, NeXus paths of the sample, selectors, urls, whole entries.',
    capabilities: () => ({ completionProvider: { triggerCharacters, resolveProvider: true } }),
    register: (server) => {
      const nothing = { isIncomplete: false, items: [] };
      onDocumentRequest(
        server,
        CompletionRequest.type,
        completion(server),
        nothing,
        async ({ kind, document }, { position }) => {
          const items = (await kinds[kind].complete?.(document, document.offsetAt(position), server)) ?? [];
          return { isIncomplete: false, items };
        },
      );
      server.connection.onCompletionResolve(resolveCompletion(server));
    },
  },
  {
    methods: [HoverRequest.method],
    summary: 'What a word means, the value of a variable or field and how it came about, what lies at a NeXus path.',
    capabilities: () => ({ hoverProvider: true }),
    register: (server) => {
      onDocumentRequest(server, HoverRequest.type, hover(server), null, async ({ kind, document }, { position }) => {
        const found = await kinds[kind].explain?.(document, document.offsetAt(position), server);
        if (!found) return null;
        const range = { start: document.positionAt(found.range.start), end: document.positionAt(found.range.end) };
        return { contents: { kind: MarkupKind.Markdown, value: found.markdown }, range };
      });
    },
  },
  {
    methods: [InlayHintRequest.method],
    summary: 'The value in the sample beside each variable and field.',
    capabilities: () => ({ inlayHintProvider: true }),
    register: (server) => {
      onDocumentRequest(server, InlayHintRequest.type, inlayHint(server), null);
    },
  },
  {
    methods: [SignatureHelpRequest.method],
    summary: 'The arguments of the operator that is being written.',
    capabilities: () => ({ signatureHelpProvider: { triggerCharacters: [':', ' '] } }),
    register: (server) => {
      onDocumentRequest(server, SignatureHelpRequest.type, signatureHelp, null);
    },
  },
  {
    methods: [CodeActionRequest.method, CodeActionResolveRequest.method],
    summary:
      'Fixes, one by one or all at once, comments that silence, extracting and inserting variables, missing fields, the fields of the other version of SciCat’s API, the other notation.',
    capabilities: () => ({ codeActionProvider: { codeActionKinds: [...codeActionKinds], resolveProvider: true } }),
    register: (server) => {
      onDocumentRequest(server, CodeActionRequest.type, codeAction(server), null, (other, asked) =>
        nearWordActions(server, other, asked),
      );
      server.connection.onCodeActionResolve(resolveCodeAction(server));
    },
  },
  {
    methods: [CodeLensRequest.method],
    summary: 'Sample, preview, dry run and ingestion on top of a schema; how often each variable is used.',
    capabilities: () => ({ codeLensProvider: {} }),
    register: (server) => {
      onDocumentRequest(server, CodeLensRequest.type, codeLens(server), null, async ({ kind, document }) => {
        return (await kinds[kind].lenses?.(document, server)) ?? null;
      });
    },
  },
  {
    methods: [DefinitionRequest.method],
    summary:
      'From a reference `<name>` to the variable, from the expectation of a test to what it is about in the schema.',
    capabilities: () => ({ definitionProvider: true }),
    register: (server) => {
      onDocumentRequest(
        server,
        DefinitionRequest.type,
        definition(server),
        null,
        async ({ kind, document }, { position }) =>
          (await kinds[kind].definition?.(document, document.offsetAt(position), server)) ?? null,
      );
    },
  },
  {
    methods: [ReferencesRequest.method],
    summary: 'All places that name a variable.',
    capabilities: () => ({ referencesProvider: true }),
    register: (server) => {
      onDocumentRequest(server, ReferencesRequest.type, references(server), null);
    },
  },
  {
    methods: [DocumentHighlightRequest.method],
    summary: 'The places that name the variable under the cursor; the definition is marked as writing.',
    capabilities: () => ({ documentHighlightProvider: true }),
    register: (server) => {
      onDocumentRequest(server, DocumentHighlightRequest.type, documentHighlight, null);
    },
  },
  {
    methods: [PrepareRenameRequest.method, RenameRequest.method],
    summary: 'Renames a variable with all its references; the new name is checked.',
    capabilities: (client) => ({
      renameProvider: client.textDocument?.rename?.prepareSupport === true ? { prepareProvider: true } : true,
    }),
    register: (server) => {
      onDocumentRequest(server, PrepareRenameRequest.type, prepareRename(server), null);
      onDocumentRequest(server, RenameRequest.type, rename(server), null);
    },
  },
  {
    methods: [LinkedEditingRangeRequest.method],
    summary: 'Typing in the name of a variable types in all its references.',
    capabilities: () => ({ linkedEditingRangeProvider: true }),
    register: (server) => {
      onDocumentRequest(server, LinkedEditingRangeRequest.type, linkedEditing, null);
    },
  },
  {
    methods: [DocumentSymbolRequest.method],
    summary: 'Outline: general keys, variables by source, fields by kind.',
    capabilities: () => ({ documentSymbolProvider: { label: 'imsc' } }),
    register: (server) => {
      onDocumentRequest(server, DocumentSymbolRequest.type, documentSymbol(server), null);
    },
  },
  {
    methods: [WorkspaceSymbolRequest.method],
    summary: 'Schemas, variables and fields of the whole workspace by name.',
    capabilities: () => ({ workspaceSymbolProvider: true }),
    register: (server) => {
      server.connection.onWorkspaceSymbol(workspaceSymbol(server));
    },
  },
  {
    methods: [SemanticTokensRequest.method],
    summary: 'Colours by meaning: variables inside of texts, sources, types, operators, parts of selectors.',
    capabilities: () => ({ semanticTokensProvider: { legend, full: true } }),
    register: (server) => {
      onDocumentRequest(server, SemanticTokensRequest.type, semanticTokens, { data: [] });
    },
  },
  {
    methods: [FoldingRangeRequest.method],
    summary: 'Folds sections, variables, fields and comments.',
    capabilities: () => ({ foldingRangeProvider: true }),
    register: (server) => {
      onDocumentRequest(server, FoldingRangeRequest.type, foldingRange(server), null);
    },
  },
  {
    methods: [SelectionRangeRequest.method],
    summary: 'Selects from the name in a reference to the whole file, step by step.',
    capabilities: () => ({ selectionRangeProvider: true }),
    register: (server) => {
      onDocumentRequest(server, SelectionRangeRequest.type, selectionRange, null);
    },
  },
  {
    methods: [DocumentLinkRequest.method],
    summary: 'Links to the sample file of a schema or a test, and to the schemas that a configuration or a test names.',
    capabilities: () => ({ documentLinkProvider: {} }),
    register: (server) => {
      server.connection.onDocumentLinks(documentLink(server));
    },
  },
  {
    methods: [DocumentFormattingRequest.method],
    summary: 'Lays a schema out in either notation with few edits.',
    capabilities: () => ({ documentFormattingProvider: true }),
    register: (server) => {
      onDocumentRequest(server, DocumentFormattingRequest.type, formatting, null);
    },
  },
];

/** What the server promises to a client, put together from the table. */
export function capabilitiesFor(client: ClientCapabilities): ServerCapabilities {
  return features.reduce<ServerCapabilities>((all, { capabilities }) => ({ ...all, ...capabilities(client) }), {});
}

export function registerFeatures(server: ServerContext): void {
  for (const { register } of features) register(server);
}
