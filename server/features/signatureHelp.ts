import { MarkupKind } from 'vscode-languageserver';
import type { SignatureHelp, TextDocumentPositionParams } from 'vscode-languageserver';
import { findOperator } from '../../core/imsc/language/operators.ts';
import { scalarText } from '../../core/imsc/schema/schema.ts';
import { entryOf, keyText } from '../../core/imsc/tree/tree.ts';
import type { Handler } from '../context.ts';
import { explainOperator } from '../explain/explain.ts';
import { placeAt } from '../documents/place.ts';
import type { Snapshot } from '../documents/snapshot.ts';

/** The operator of the variable that is being written, with what it takes. */
export const signatureHelp: Handler<TextDocumentPositionParams, SignatureHelp | null> = (snapshot, { position }) =>
  signatureAt(snapshot, snapshot.offsetAt(position)) ?? null;

export function signatureAt(snapshot: Snapshot, offset: number): SignatureHelp | undefined {
  const place = placeAt(snapshot.tree, offset);
  if (place?.path[0] !== 'variables' || !place.map) return undefined;
  const key =
    place.path.length === 3 ? place.path[2] : place.part === 'key' ? place.entry && keyText(place.entry) : undefined;
  if (place.path.length > 3 && place.path[2] !== 'value') return undefined;
  const operator = findOperator(
    scalarText(entryOf(variableMap(snapshot, place.path[1]) ?? place.map, 'operator')?.value) ?? '',
  );
  if (!operator) return undefined;
  const parameters = ['value', ...operator.parameters.map(({ name }) => name)];
  const active = parameters.indexOf(place.path[2] === 'value' ? 'value' : (key ?? ''));
  return {
    signatures: [
      {
        label: `${operator.name}(${parameters.join(', ')})`,
        documentation: { kind: MarkupKind.Markdown, value: explainOperator(operator) },
        parameters: [
          { label: 'value', documentation: `takes ${operator.accepts.join(', ')}` },
          ...operator.parameters.map(({ name, summary }) => ({ label: name, documentation: summary })),
        ],
      },
    ],
    activeSignature: 0,
    ...(active >= 0 && { activeParameter: active }),
  };
}

function variableMap({ schema }: Snapshot, name: string | undefined) {
  const value = schema.variables.find((variable) => variable.name === name)?.entry.value;
  return value?.kind === 'map' ? value : undefined;
}
