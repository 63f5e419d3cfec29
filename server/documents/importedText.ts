import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextRange } from '../../core/problems/problem.ts';
import { importedIds, placeIn } from '../../core/imsc/schema/imports.ts';
import type { ImportedSchema, Schema } from '../../core/imsc/schema/schema.ts';
import type { Position, Range } from 'vscode-languageserver-textdocument';
import type { PlacedText } from '../problems/problemReport.ts';
import { uriOf } from './documentKind.ts';
import type { Snapshot } from './snapshot.ts';

const texts = new WeakMap<ImportedSchema, PlacedText>();

/** An imported text as a document of its own: ranges are those of its file. */
export function importedText(imported: ImportedSchema): PlacedText {
  const known = texts.get(imported);
  if (known) return known;
  const { file, schema, start } = imported;
  const uri = uriOf(file);
  const document = TextDocument.create(uri, schema.tree.notation, 0, schema.tree.text.slice(start));
  const text = {
    uri,
    rangeOf: (range: TextRange) => ({
      start: document.positionAt(range.start),
      end: document.positionAt(range.end),
    }),
  };
  texts.set(imported, text);
  return text;
}

/** Where a range of a schema with imports is, if it lies in one of them. */
export function importedPlace(schema: Schema, range: TextRange): { uri: string; range: Range } | undefined {
  const place = placeIn(schema, range);
  if (!place.imported) return undefined;
  const text = importedText(place.imported);
  return { uri: text.uri, range: text.rangeOf(place.range) };
}

/** Where something stands in the open text; of what is imported, where it is imported. */
export function positionOf(snapshot: Snapshot, range: TextRange): Position {
  const { imported } = placeIn(snapshot.whole, range);
  return snapshot.positionAt((imported?.place ?? range).start);
}

/** The schema whose id stands under the cursor, where it is imported. */
export function importAt({ schema, whole }: Snapshot, offset: number): ImportedSchema | undefined {
  const at = importedIds(schema).find(({ range }) => range.start <= offset && offset <= range.end);
  return at && whole.imported?.find(({ id, place }) => id === at.id && place.start === at.range.start);
}
