import { basename } from 'node:path';
import { commands, l10n } from 'vscode';
import { showMessage } from '../dialogs.ts';
import type { MessageKind } from '../dialogs.ts';
import type { Services } from '../services.ts';
import type { Ingestion, IngestionState } from './ingestion.ts';
import { openDataset } from './openDataset.ts';

/** Something that can be done after an ingestion has ended. */
interface Step {
  readonly title: string;
  readonly run: () => unknown;
}

/** Says what happened and what was not done, and offers what comes next. */
export async function showEnd(services: Services, ingestion: Ingestion): Promise<void> {
  const { file, state, pid, host, message = '' } = ingestion;
  const name = basename(file);
  const details: Step = {
    title: l10n.t('Show Details'),
    run: () => commands.executeCommand('imsc.showIngestion', ingestion),
  };
  const log: Step = { title: l10n.t('Show Log'), run: () => commands.executeCommand('imsc.showLog') };
  const open: Step[] = pid === undefined ? [] : [{ title: l10n.t('Open Dataset'), run: () => openDataset(host, pid) }];
  const resume: Step = { title: l10n.t('Resume'), run: () => commands.executeCommand('imsc.resume', ingestion) };
  switch (state) {
    case 'running':
    case 'queued':
    case 'draft':
      return;
    case 'done':
      return offer(
        'information',
        pid === undefined
          ? l10n.t('{0} is in SciCat as a new dataset.', name)
          : l10n.t('{0} is in SciCat as {1}.', name, pid),
        [...open, details],
      );
    case 'already-present':
      return offer('information', l10n.t('{0} is in SciCat already. {1}', name, message), [...open, details]);
    case 'cancelled':
      return offer('warning', `${name}: ${message}`, [details]);
    case 'waiting':
    case 'interrupted':
      return offer('warning', l10n.t('{0} was not finished. {1}', name, message), [
        resume,
        ...(await signInStep(services, ingestion)),
        log,
      ]);
    case 'failed':
      return offer('error', l10n.t('{0} was not ingested. {1}', name, message), [
        ...(await signInStep(services, ingestion)),
        details,
        log,
      ]);
  }
}

/**
 * Says at once what became of several files, and offers what comes next.
 * @param agreed how many were to be ingested: more than ended where it was called off
 */
export async function showBatchEnd(services: Services, ended: readonly Ingestion[], agreed: number): Promise<void> {
  const of = (...states: readonly IngestionState[]) => ended.filter(({ state }) => states.includes(state));
  const [failed, unfinished] = [of('failed'), of('interrupted', 'waiting')];
  const stopped = of('cancelled').length + agreed - ended.length;
  const counts = [
    l10n.t('{0} of {1} files are in SciCat now', of('done').length, agreed),
    ...(of('already-present').length > 0 ? [l10n.t('{0} already there', of('already-present').length)] : []),
    ...(failed.length > 0 ? [l10n.t('{0} not ingested', failed.length)] : []),
    ...(unfinished.length > 0 ? [l10n.t('{0} not finished', unfinished.length)] : []),
    ...(stopped > 0 ? [l10n.t('{0} called off', stopped)] : []),
  ];
  const [worst] = [...failed, ...unfinished];
  const why = worst === undefined ? '' : ` ${basename(worst.file)}: ${worst.message ?? ''}`;
  const all: Step = { title: l10n.t('Show Ingestions'), run: () => commands.executeCommand('imsc.ingestions.focus') };
  const again: Step = {
    title: l10n.t('Retry'),
    run: () => commands.executeCommand('imsc.ingest', { files: failed.map(({ file }) => file) }),
  };
  const resume: Step = { title: l10n.t('Resume'), run: () => commands.executeCommand('imsc.resume') };
  const signIn = worst === undefined ? [] : await signInStep(services, worst);
  await offer(
    failed.length > 0 ? 'error' : counts.length > 1 ? 'warning' : 'information',
    `${counts.join(', ')}.${why}`,
    [
      ...(unfinished.length > 0 ? [resume] : []),
      ...signIn.filter(({ title }) => title !== again.title),
      ...(failed.length > 0 ? [again] : []),
      all,
    ],
  );
}

/** Signing in, where SciCat does not know the token; trying again where it is. */
async function signInStep({ connections }: Services, ingestion: Ingestion): Promise<readonly Step[]> {
  const { host, problems, file } = ingestion;
  const again: Step = {
    title: l10n.t('Retry'),
    run: () => commands.executeCommand('imsc.ingest', { files: [file] }),
  };
  if (!problems.some(({ code }) => code === 'scicat' || code === 'existence-unknown')) return [];
  const secrets = await connections.secretsFor(host);
  const who = await connections.whoAmI(['--scicat.host', host, '--scicat.max_tries', '1'], secrets);
  if (who.state !== 'unknown') return [again];
  return [{ title: l10n.t('Sign In'), run: () => commands.executeCommand('imsc.signIn', { address: host }) }];
}

async function offer(kind: MessageKind, text: string, steps: readonly Step[]): Promise<void> {
  const answer = await showMessage(
    kind,
    text,
    steps.map(({ title }) => title),
  );
  await steps.find(({ title }) => title === answer)?.run();
}
