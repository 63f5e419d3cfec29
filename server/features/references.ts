import type { Location, ReferenceParams } from 'vscode-languageserver';
import { anchorAt, placesOf } from '../documents/anchors.ts';
import type { Handler } from '../context.ts';

/** All places that name the same variable, or the same YAML anchor. */
export const references: Handler<ReferenceParams, Location[] | null> = (snapshot, { position, context }) => {
  const offset = snapshot.offsetAt(position);
  const occurrence = snapshot.occurrences.at(offset);
  if (!occurrence) {
    const anchor = anchorAt(snapshot.tree, offset)?.anchor;
    const places = anchor && (context.includeDeclaration ? placesOf(anchor) : anchor.aliases);
    return places?.map((range) => ({ uri: snapshot.uri, range: snapshot.rangeOf(range) })) ?? null;
  }
  return snapshot.occurrences
    .of(occurrence.name)
    .filter(({ kind }) => kind === 'reference' || context.includeDeclaration)
    .map(({ nameRange }) => ({ uri: snapshot.uri, range: snapshot.rangeOf(nameRange) }));
};
