import { setTimeout as wait } from 'node:timers/promises';

/**
 * Drops files and folders of the computer on a page of an extension, which is a frame in a frame.
 * @param {import('playwright-core').Page} page
 * @param {string} selector of the place, which only that page has
 * @param {readonly string[]} files
 */
export async function dropFiles(page, selector, files) {
  const frames = page.frames();
  const held = await Promise.all(frames.map((frame) => frame.locator(selector).count().catch(() => 0))); // prettier-ignore
  const inner = frames[held.findIndex((count) => count > 0)];
  if (!inner) throw new Error(`no page has ${selector}`);
  // The frame in a frame shares the browser's process of the outer one.
  const session = await page.context().newCDPSession(inner.parentFrame());
  const { x, y } = await inner.locator(selector).evaluate((place) => place.getBoundingClientRect());
  const drag = (type) =>
    session.send('Input.dispatchDragEvent', { type, x: x + 10, y: y + 10, data: { items: [], files, dragOperationsMask: 1 } }); // prettier-ignore
  await drag('dragEnter');
  await drag('dragOver');
  // VS Code hears of it by a message of the frame, and would take the frame out of the way of the mouse.
  await wait(500);
  await drag('dragOver');
  const isReached = await page
    .locator('iframe.webview')
    .first()
    .evaluate((frame) => getComputedStyle(frame).pointerEvents !== 'none');
  if (!isReached) throw new Error('VS Code takes what is dropped for itself');
  await drag('drop');
}
