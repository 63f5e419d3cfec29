import type { CancellationToken, WorkspaceSymbol, WorkspaceSymbolParams } from 'vscode-languageserver';
import { SymbolKind } from 'vscode-languageserver';
import type { ResponseError } from 'vscode-languageserver';
import { visibleText } from '../../core/text/hiddenCharacters.ts';
import { cancelled } from '../context.ts';
import type { ServerContext } from '../context.ts';
import { outlineOf } from '../documents/outline.ts';
import { nameOf, symbolKinds } from './documentSymbol.ts';
import type { Snapshot } from '../documents/snapshot.ts';

const mostSymbols = 1000;

/** Schemas, variables and fields of the whole workspace by parts of their names. */
export function workspaceSymbol(server: ServerContext) {
  return async (
    { query }: WorkspaceSymbolParams,
    token: CancellationToken,
  ): Promise<WorkspaceSymbol[] | ResponseError> => {
    const found: WorkspaceSymbol[] = [];
    for (const { uri, schema, rangeOf } of await placedSchemas(server, token)) {
      if (token.isCancellationRequested) return cancelled();
      const { name } = schema;
      const place = schema.general.get('name')?.value?.range;
      if (name !== undefined && place && matches(query, name)) {
        found.push({ name: visibleText(name), kind: SymbolKind.File, location: { uri, range: rangeOf(place) } });
      }
      for (const section of outlineOf(schema)) {
        for (const item of section.children) {
          if (item.kind === 'key' || !matches(query, item.name)) continue;
          const location = { uri, range: rangeOf(item.nameRange) };
          found.push({
            name: nameOf(item),
            kind: symbolKinds[item.kind],
            containerName: visibleText(name ?? section.name),
            location,
          });
        }
      }
      if (found.length >= mostSymbols) break;
    }
    return found.slice(0, mostSymbols);
  };
}

/** The schemas of the workspace, and open ones outside of it. */
async function placedSchemas(server: ServerContext, token: CancellationToken) {
  const inside: Snapshot[] = [];
  for await (const snapshot of server.workspace.schemas(token)) inside.push(snapshot);
  const known = new Set(inside.map(({ uri }) => uri));
  const all = [...inside, ...[...server.documents.schemas().values()].filter(({ uri }) => !known.has(uri))];
  return all.map((snapshot) => ({
    uri: snapshot.uri,
    schema: snapshot.schema,
    rangeOf: snapshot.rangeOf.bind(snapshot),
  }));
}

/** Whether the letters of the query occur in the name in that order, as editors filter. */
function matches(query: string, name: string): boolean {
  const letters = name.toLowerCase();
  let from = 0;
  for (const letter of query.toLowerCase().replace(/\s/g, '')) {
    const at = letters.indexOf(letter, from);
    if (at < 0) return false;
    from = at + letter.length;
  }
  return true;
}
