import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { WalkthroughStep } from '../../../client/views/walkthrough.ts';
import { stepDone, walkthroughSteps } from '../../../client/views/walkthrough.ts';

const set = vi.hoisted(() => [] as unknown[][]);
vi.mock('vscode', () => ({ commands: { executeCommand: (...words: unknown[]) => void set.push(words) } }));

interface Step {
  readonly id: string;
  readonly completionEvents: readonly string[];
}

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
  };
}

it('each step of the walkthrough is ticked by what was done, and by nothing else', () => {
  const { contributes } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
  ) as Manifest;
  const listed = contributes.walkthroughs.flatMap(({ steps }) => steps);
  expect(listed.map(({ id }) => id)).toEqual(walkthroughSteps);
  for (const { id, completionEvents } of listed) {
    stepDone(id as WalkthroughStep);
    const [, key, value] = set.at(-1) ?? [];
    expect(value).toBe(true);
    expect(completionEvents).toEqual([`onContext:${String(key)}`]);
  }
});
