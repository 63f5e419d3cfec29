import { CancellationTokenSource, l10n } from 'vscode';
import type { NexusChild } from '../../server/protocol.ts';
import { nexusSearch } from '../../server/protocol.ts';
import { createPick, plainItems } from '../dialogs.ts';
import type { Services } from '../services.ts';
import { describeNexus } from '../views/sampleView.ts';
import { run as insertNexusPath } from './insertNexusPath.ts';

const mostShown = 200;

/** Finds objects of the sample by a part of their path, while typing; the one picked is written into the schema. */
export async function run(services: Services): Promise<void> {
  const { file } = services.samples.current;
  if (file === null) return;
  const pick = createPick<{ label: string; description: string; node: NexusChild }>();
  let search = new CancellationTokenSource();
  /** What was found last, and whether Enter was pressed before the answer to what was typed had come. */
  let found: readonly NexusChild[] = [];
  let isAwaited = false;
  // A selection may be of items that were there before the answer came.
  const take = (selected?: NexusChild): void => {
    const node = selected ?? found.find(({ path }) => path === pick.value) ?? found[0];
    pick.hide();
    if (node !== undefined) void insertNexusPath(services, node);
  };
  const find = async (text: string): Promise<void> => {
    search.cancel();
    search = new CancellationTokenSource();
    const { token } = search;
    pick.busy = true;
    const result = await services.server
      .request(nexusSearch, { file, text, limit: mostShown }, token)
      .catch(() => undefined);
    if (token.isCancellationRequested) return;
    pick.busy = false;
    pick.title = result?.complete === false ? l10n.t('Sample file (not searched to its end)') : l10n.t('Sample file');
    found = result?.found ?? [];
    pick.items = plainItems(found.map((node) => ({ label: node.path, description: describeNexus(node), node })));
    if (isAwaited) take();
  };
  pick.placeholder = l10n.t('Part of a NeXus path');
  pick.matchOnDescription = true;
  pick.onDidChangeValue((text) => {
    isAwaited = false;
    void find(text);
  });
  pick.onDidAccept(() => {
    if (pick.busy) isAwaited = true;
    else take(pick.selectedItems[0]?.item.node);
  });
  pick.onDidHide(() => {
    search.cancel();
    pick.dispose();
  });
  pick.show();
  await find('');
}
