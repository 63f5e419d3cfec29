// An ingestion whose extension host is killed half way, as when the machine of a remote window goes down: the window is
// opened again and finishes it, with one dataset and its files once.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from './buildSuite.mjs';
import { openViews, pickItems, runCommand, untilReady } from './person.mjs';
import { slowScicat, startSandbox } from './scicat.mjs';

const run = '_00001017.nxs';

/** Processes by their number: what started them, and their command line. Linux only. */
function processes() {
  const all = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
      all.set(Number(pid), { parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') });
    } catch {
      // It has ended meanwhile.
    }
  }
  return all;
}

/** Kills the extension host that VS Code has started, with all that it has started itself. */
function killExtensionHost(server) {
  const all = processes();
  const isBelow = (pid, above) => pid === above || (all.has(pid) && isBelow(all.get(pid).parent, above));
  const [host] =
    [...all].find(([pid, { command }]) => command.includes('type=extensionHost') && isBelow(pid, server)) ?? [];
  if (host === undefined) throw new Error('there is no extension host');
  const gone = [...all.keys()].filter((pid) => isBelow(pid, host));
  for (const pid of gone) process.kill(pid, 'SIGKILL');
}

/** Rejects with what does not hold. @param open opens the workbench with the given options */
export async function checkResumeAfterKill(open) {
  const sandbox = await startSandbox();
  const slow = await slowScicat(sandbox.host);
  const ask = async (path) => {
    const answer = await fetch(`${sandbox.host}/${path}`, { headers: { authorization: `Bearer ${sandbox.token}` } });
    return answer.json();
  };
  let workbench;
  try {
    const { count: before } = await ask('datasets/count');
    workbench = await open({ testFiles: false });
    const { page, workspace, server } = workbench;
    const config = join(workspace, 'config.yml');
    const text = readFileSync(config, 'utf8').replace(/host: http\S+/, `host: ${slow.address}`);
    // The extension passes no token of the environment to a host that a file names.
    writeFileSync(config, text.replace(/token: ''/, `token: ${sandbox.token}`));
    await untilReady(page);
    await openViews(page, 'SciCat');
    await page.getByText('Nothing has been ingested yet').waitFor();
    const waiting = slow.hold('origdatablocks');
    await runCommand(page, 'SciCat: Ingest to SciCat');
    await pickItems(page, run, { many: true });
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Ingest', exact: true }).click();
    await waiting;
    killExtensionHost(server);
    await page.goto(page.url());
    await untilReady(page);
    // The window may come back with our views, and a click on what is chosen would close them.
    const ours = page.locator('.activitybar').getByRole('tab', { name: 'SciCat' }).first();
    await ours.waitFor();
    if ((await ours.getAttribute('aria-selected')) !== 'true') await openViews(page, 'SciCat');
    await page.getByRole('treeitem', { name: new RegExp(`${run}, interrupted`) }).waitFor({ timeout: 30_000 });
    await runCommand(page, 'SciCat: Resume Interrupted Ingestion');
    await page.getByRole('treeitem', { name: new RegExp(`${run}, done`) }).waitFor({ timeout: 30_000 });
    const datasets = await ask('datasets');
    const { count } = await ask('datasets/count');
    if (count !== before + 1) throw new Error(`there are ${count} datasets, and ${before} before`);
    const { pid } = datasets.find(({ scientificMetadata }) => scientificMetadata?.sample_temperature) ?? {};
    const blocks = await ask(`datasets/${encodeURIComponent(pid)}/origdatablocks`);
    if (blocks.length !== 1) throw new Error(`the dataset has ${blocks.length} lists of files`);
  } catch (error) {
    await workbench?.page.screenshot({ path: join(output, 'resume-failed.png') });
    throw error;
  } finally {
    await workbench?.close();
    await slow.close();
    await sandbox.stop();
  }
}
