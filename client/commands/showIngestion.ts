import { basename } from 'node:path';
import { l10n } from 'vscode';
import type { Ingestion } from '../ingestions/ingestion.ts';
import { stateTexts } from '../ingestions/ingestion.ts';
import { textAt } from '../json.ts';
import { shortPath } from '../results/dryRuns.ts';
import { resultText } from '../results/resultText.ts';
import type { Services } from '../services.ts';

/** Shows what an ingestion did, with its log, as a document. */
export async function run(services: Services, from: unknown): Promise<void> {
  const { ingestions, results } = services;
  const ingestion = chosenIngestion(services, from);
  if (ingestion === undefined) return;
  const { id, file, host, state, message, problems, pid } = ingestion;
  const document = (await ingestions.documentOf(id)) ?? {
    outcome: stateTexts[state],
    pid: pid ?? null,
    problems: problems.map(({ code, severity, message: text, file: place }) => ({
      code,
      severity,
      message: text,
      file: place,
    })),
  };
  const head = {
    title: l10n.t('Ingestion of {0}: {1}', basename(file), stateTexts[state]),
    file,
    shortPath,
    scicat: host,
    notes: message === undefined ? [] : [message],
    log: ingestions.logOf(id),
  };
  await results.show(results.add(`${l10n.t('{0} ingestion', basename(file))}.md`, resultText(head, document)));
}

/** The ingestion that an item of the view or a caller names. */
export function chosenIngestion({ ingestions }: Services, from: unknown): Ingestion | undefined {
  const id = textAt(from, 'id');
  return ingestions.all.find((each) => each.id === id);
}
