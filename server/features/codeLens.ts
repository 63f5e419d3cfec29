import { visibleText } from '../../core/text/hiddenCharacters.ts';
import { runsPrograms } from '../../core/files/host/host.ts';
import { isDropped } from '../../core/files/host/remote.ts';
import type { CodeLens, CodeLensParams } from 'vscode-languageserver';
import type { TextRange } from '../../core/problems/problem.ts';
import type { Handler, ServerContext } from '../context.ts';
import type { Snapshot } from '../documents/snapshot.ts';
import path from 'node:path';

/** On top of the schema what can be done with it; on each variable how often it is used. */
export function codeLens(server: ServerContext): Handler<CodeLensParams, CodeLens[] | null> {
  return async (snapshot) => {
    const settings = await server.settings.of(snapshot.uri);
    if (!settings.codeLens) return null;
    const { files } = await server.samples.of(snapshot);
    return [...topLenses(snapshot, files[0]), ...variableLenses(snapshot)];
  };
}

/** Commands of the extension; they take the URI of the schema. */
function topLenses(snapshot: Snapshot, sample: string | undefined): CodeLens[] {
  const range = snapshot.rangeOf({ start: 0, end: 0 });
  const title = sample === undefined ? 'Choose a sample file' : visibleText(`Sample: ${path.basename(sample)}`);
  const lens = (text: string, command: string): CodeLens => ({
    range,
    command: { title: text, command, arguments: [snapshot.uri] },
  });
  return [
    lens(title, 'imsc.chooseSample'),
    // A page of a browser keeps it open only as long as the page is there.
    ...(sample !== undefined && isDropped(sample) ? [lens('Open once more', 'imsc.openNexusFile')] : []),
    lens('Preview', 'imsc.showPreview'),
    ...(runsPrograms() ? [lens('Dry run', 'imsc.dryRun'), lens('Ingest', 'imsc.ingest')] : []),
  ];
}

function variableLenses(snapshot: Snapshot): CodeLens[] {
  const { occurrences, uri } = snapshot;
  return snapshot.schema.variables.flatMap(({ name, entry }): CodeLens[] => {
    if (entry.merged === true) return [];
    const uses = occurrences.of(name).filter(({ kind }) => kind === 'reference');
    const place = (range: TextRange) => snapshot.rangeOf(range);
    const title = uses.length === 0 ? 'not used' : uses.length === 1 ? '1 use' : `${uses.length} uses`;
    const locations = uses.map(({ nameRange }) => ({ uri, range: place(nameRange) }));
    // The client turns what came as JSON into its own classes before it shows the places.
    const command = {
      title,
      command: 'imsc.showReferences',
      arguments: [uri, snapshot.positionAt(entry.key.range.start), locations],
    };
    return [{ range: place(entry.key.range), command: uses.length === 0 ? { title, command: '' } : command }];
  });
}
