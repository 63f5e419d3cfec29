import { describe, expect, it } from 'vitest';
import { convertNotation } from '../../../../core/imsc/edits/convert.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { explainSelector } from '../../../../core/imsc/schema/selector.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';

const file = '/data/rawdata/d17-2025/run_1.nxs';

/** A selector in YAML, whether it takes the file, and a part of the reason. */
const cases: readonly (readonly [selector: string, matches: boolean, reason: RegExp])[] = [
  ['filename:contains:d17', true, /the file path contains/],
  ['fullpath:starts_with:/data', true, /the file path begins with/],
  ['fullpath:starts_with:d17', false, /the file path does not begin with/],
  ['dirname:starts_with:d17', true, /a folder of the path begins with/],
  ['dirname:contains:2025', true, /a folder of the path contains/],
  ['dirname:contains:run_1', false, /no folder of the path contains/],
  ['dirname:starts_with:/data', false, /no folder of the path begins with/],
  ['{and: ["dirname:starts_with:rawdata", "dirname:starts_with:d17"]}', true, /and a folder/],
  ['{or: ["dirname:starts_with:d3", "dirname:starts_with:d9"]}', false, /or no folder/],
];

describe('which files a selector takes', () => {
  for (const [selector, matches, reason] of cases) {
    const yaml = `selector: ${selector}\n`;
    const texts = { yaml, json: convertNotation(parseTree(yaml, 'yaml'), 'json') };
    for (const notation of ['yaml', 'json'] as const) {
      it(`${selector}, in ${notation}`, () => {
        const bound = bindSchema(parseTree(texts[notation], notation)).selector;
        const verdict = bound && explainSelector(bound, file);
        expect(verdict?.matches).toBe(matches);
        expect(verdict?.reason).toMatch(reason);
      });
    }
  }
});
