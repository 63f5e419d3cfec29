import { basename } from 'node:path';
import { l10n } from 'vscode';
import type { Ingestion } from '../ingestions/ingestion.ts';
import { ingestionStates } from '../ingestions/ingestion.ts';
import { textAt } from '../json.ts';
import { shortPath } from '../results/dryRuns.ts';
import { resultText } from '../results/resultText.ts';
import type { Services } from '../services.ts';

/** Shows what an ingestion did, with its log, as a document. */
export async function run(services: Services, from: unknown): Promise<void> {
  const { ingestions, results } = services;
  const ingestion = chosenIngestion(services, from);
  if (ingestion === undefined) return;
  const { id, file, host, state, message, problems, pid, steps, service } = ingestion;
  const { text } = ingestionStates[state];
  const left = ingestions.leftBy(id);
  const document = left?.report ?? {
    outcome: text,
    pid: pid ?? null,
    problems: problems.map(({ code, severity, message: said, file: place }) => ({
      code,
      severity,
      message: said,
      file: place,
    })),
  };
  const done = steps.map(({ name, state: stepState, started, ended }) => {
    const times = [started, ended].filter((time) => time !== undefined).map((time) => new Date(time).toLocaleString());
    return `- ${name}: ${stepState} ${times.join(' – ')}`;
  });
  const head = {
    title: l10n.t('Ingestion of {0}: {1}', basename(file), text),
    file,
    shortPath,
    scicat: host,
    notes: [
      ...(service === undefined ? [] : [l10n.t('Carried out by the ingest service {0}.', service.name)]),
      ...(message === undefined ? [] : [message]),
      ...(done.length > 0 ? [done.join('\n')] : []),
    ],
    log: left?.log ?? [],
  };
  await results.show(results.add(`${l10n.t('{0} ingestion', basename(file))}.md`, resultText(head, document)));
}

/** The ingestion that an item of the view or a caller names. */
export function chosenIngestion({ ingestions }: Services, from: unknown): Ingestion | undefined {
  const id = textAt(from, 'id');
  return ingestions.all.find((each) => each.id === id);
}
