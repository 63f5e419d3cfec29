// Drives the workbench as a person would and makes the pictures of docs/images: `npm run tour [step …]`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { vscodeServer } from '../../scripts/vscodeServer.mjs';
import { buildExtension } from './buildExtension.mjs';
import { output } from './buildSuite.mjs';
import { openFile, openViews, restPointer, untilColoured } from './person.mjs';
import { openWorkbench, root } from './workbench.mjs';

const images = join(root, 'docs', 'images');

/** Takes a picture of the whole window, with nothing blinking or pointed at. */
async function photograph(page, name) {
  await restPointer(page);
  await page.screenshot({ path: join(images, `${name}.png`), animations: 'disabled', caret: 'hide' });
  console.log(`docs/images/${name}.png`);
}

/** The steps, in the order in which a person would take them; each leaves the workbench to the next. */
const steps = {
  async author({ page }) {
    await openFile(page, 'coda.imsc.yml');
    await untilColoured(page);
    await photograph(page, 'author');
  },
  async views({ page }) {
    await openViews(page, 'SciCat');
    await page.getByText('NeXus Sample').first().waitFor();
    await photograph(page, 'views');
  },
};

const programs = vscodeServer();
if (programs === undefined) process.exit(1);
buildExtension();
mkdirSync(images, { recursive: true });
mkdirSync(output, { recursive: true });
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const workbench = await openWorkbench(programs);
try {
  for (const [name, step] of Object.entries(steps))
    if (wanted.length === 0 || wanted.includes(name)) await step(workbench);
} catch (error) {
  await workbench.page.screenshot({ path: join(output, 'tour-failed.png') });
  console.error(`${error.message}\nPicture of the failure: ${join(output, 'tour-failed.png')}`);
  process.exitCode = 1;
} finally {
  await workbench.close();
}
