import type { Location, ReferenceParams } from 'vscode-languageserver';
import { anchorAt, placesOf } from '../documents/anchors.ts';
import type { Handler, ServerContext } from '../context.ts';

/** All places that name the same variable, in the schemas that share it by imports too, or the same YAML anchor. */
export function references(server: ServerContext): Handler<ReferenceParams, Location[] | null> {
  return async (snapshot, { position, context }) => {
    const offset = snapshot.offsetAt(position);
    const occurrence = snapshot.occurrences.at(offset);
    if (!occurrence) {
      const anchor = anchorAt(snapshot.tree, offset)?.anchor;
      const places = anchor && (context.includeDeclaration ? placesOf(anchor) : anchor.aliases);
      return places?.map((range) => ({ uri: snapshot.uri, range: snapshot.rangeOf(range) })) ?? null;
    }
    const { name } = occurrence;
    const sharing = await server.workspace.sharing(snapshot, name);
    return sharing.flatMap((each) =>
      each.occurrences
        .of(name)
        .filter(({ kind }) => kind === 'reference' || context.includeDeclaration)
        .map(({ nameRange }) => ({ uri: each.uri, range: each.rangeOf(nameRange) })),
    );
  };
}
