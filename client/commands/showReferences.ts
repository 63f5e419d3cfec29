import { commands, Location, Position, Range, Uri } from 'vscode';
import { isList, numberAt, recordAt, textAt } from '../json.ts';
import type { Services } from '../services.ts';

/** Shows the places that a lens counts; what it is called with is plain data of the language server. */
export async function run(_services: Services, uri: unknown, position: unknown, locations: unknown): Promise<void> {
  if (typeof uri !== 'string' || !isList(locations)) return;
  const places = locations.flatMap((location) => {
    const target = textAt(location, 'uri');
    const range = recordAt(location, 'range');
    if (target === undefined) return [];
    return [new Location(Uri.parse(target), new Range(positionOf(range['start']), positionOf(range['end'])))];
  });
  await commands.executeCommand('editor.action.showReferences', Uri.parse(uri), positionOf(position), places);
}

function positionOf(data: unknown): Position {
  return new Position(numberAt(data, 'line') ?? 0, numberAt(data, 'character') ?? 0);
}
