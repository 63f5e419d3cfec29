// Presses commands and buttons as a person does, from the palette, the menus and with the keyboard, and looks at what
// they did: what a test calls by itself says nothing of what happens between the key and the call.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeEditors, noErrorIsShown } from './answers.mjs';
import { untilReady } from './person.mjs';
import { pressService } from './pressService.mjs';
import { archiveSteps } from './steps/archives.mjs';
import { connectionSteps, farScicat, tryOnce } from './steps/connections.mjs';
import { ingestionSteps } from './steps/ingestions.mjs';
import { optionSteps } from './steps/options.mjs';
import { fixSteps } from './steps/fixes.mjs';
import { interruptionSteps } from './steps/interruptions.mjs';
import { keyboardSteps } from './steps/keyboard.mjs';
import { firstMinuteSteps } from './steps/firstMinute.mjs';
import { pageSteps } from './steps/pages.mjs';
import { otherIngestorSteps } from './steps/otherIngestors.mjs';
import { schemaSteps } from './steps/schemas.mjs';
import { taskSteps } from './steps/tasks.mjs';

/** All steps, in an order in which each leaves the workbench to the next. */
const steps = {
  ...firstMinuteSteps,
  ...schemaSteps,
  ...otherIngestorSteps,
  ...connectionSteps,
  ...ingestionSteps,
  ...interruptionSteps,
  ...archiveSteps,
  ...optionSteps,
  ...pageSteps,
  ...keyboardSteps,
  // What a task has found stays in the list.
  ...taskSteps,
  ...fixSteps,
  async 'An ingest service as a connection'(workbench) {
    await pressService(workbench);
    await noErrorIsShown(workbench.page);
  },
};

/**
 * Runs all steps in a workbench.
 * @param photograph is given the name of a step that failed
 * @param {readonly string[]} chosen only the steps with one of these in their name, where they are given
 * @returns the names of the steps that failed
 */
export async function pressCommands(workbench, photograph, chosen = ['']) {
  const { page, workspace } = workbench;
  const far = await farScicat();
  tryOnce(workspace);
  addFiles(workspace);
  const failed = [];
  try {
    await untilReady(page);
    for (const [name, step] of Object.entries(steps).filter(([each]) => chosen.some((text) => each.includes(text)))) {
      try {
        await step({ ...workbench, far, context: page.context() });
        console.log(`  ✔ ${name}`);
      } catch (error) {
        console.error(`  ✘ ${name}: ${error.message}`);
        await photograph(name);
        failed.push(name);
        for (let times = 0; times < 3; times += 1) await page.keyboard.press('Escape');
        // What it leaves open is not to be the failure of the next.
        await closeEditors(page).catch(() => undefined);
      }
    }
  } finally {
    await far.close();
  }
  return failed;
}

/**
 * What the steps need besides the samples: a file that the explorer shows without a folder that must be opened first, a
 * sample with another id; and a schema in both notations.
 */
export function addFiles(workspace) {
  mkdirSync(join(workspace, 'twins'));
  for (const ending of ['yml', 'json'])
    writeFileSync(join(workspace, 'twins', `twin.imsc.${ending}`), '{"name": "twin"}');
  const content = readFileSync(join(workspace, 'data/coda/2025/443604/raw/443604_00001017.nxs'));
  const id = '2f6f3f3e-8c0b-4b5e-9a43-6d1f6f2d7a10';
  content.write(id.replace('2f6f3f3e', '11111111'), content.indexOf(id), 'latin1');
  writeFileSync(join(workspace, 'at-the-top.nxs'), content);
}
