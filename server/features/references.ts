import type { Location, ReferenceParams } from 'vscode-languageserver';
import type { Handler } from '../context.ts';

/** All places that name the same variable. */
export const references: Handler<ReferenceParams, Location[] | null> = (snapshot, { position, context }) => {
  const occurrence = snapshot.occurrences.at(snapshot.offsetAt(position));
  if (!occurrence) return null;
  return snapshot.occurrences
    .of(occurrence.name)
    .filter(({ kind }) => kind === 'reference' || context.includeDeclaration)
    .map(({ nameRange }) => ({ uri: snapshot.uri, range: snapshot.rangeOf(nameRange) }));
};
