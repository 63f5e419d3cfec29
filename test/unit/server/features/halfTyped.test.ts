import { afterAll, describe, expect, it } from 'vitest';
import { explainAt } from '../../../../server/features/hover.ts';
import { propose } from '../../../../server/features/completion/propose.ts';
import { signatureAt } from '../../../../server/features/signatureHelp.ts';
import { inNotation, notations } from '../../../support/markers.ts';
import { schemaText } from '../../../support/schemaTexts.ts';
import { applied, evaluateWith, openSample, snapshotOf } from '../../../support/snapshots.ts';

const file = await openSample();
afterAll(() => file.close());

const whole = schemaText({
  head: '# imsc-ignore-file unused-variable\n',
  variables: `
title:
  source: NXS
  path: /entry/user_*/name
  value_type: string[]
both:
  source: VALUE
  operator: join_with_space
  value: ["<title>", 'by <job_id>']
  value_type: string
asked: {source: SC, url: 'proposals/<job_id>', field: 'it''s', value_type: string}`,
  fields: `
name:
  field_type: high_level
  machine_name: datasetName
  value: >-
    <both> and
    <title>
  type: string`,
});

describe.each(notations)('a schema that is being typed in %s', (notation) => {
  it('gets proposals that can be taken, and explanations within the text, after every letter', async () => {
    const text = inNotation(whole, notation);
    const evaluation = await evaluateWith(text, notation, file);
    for (let end = 0; end <= text.length; end++) {
      const { snapshot } = snapshotOf(text.slice(0, end), notation);
      const { items } = await propose(snapshot, end, { evaluation, file });
      for (const { label, edit, also } of items) {
        const where = `${label} behind ${JSON.stringify(text.slice(Math.max(0, end - 30), end))}`;
        expect(edit.range.start <= end && end <= edit.range.end, where).toBe(true);
        // The protocol wants the range of a proposal on one line.
        expect(snapshot.text.slice(edit.range.start, edit.range.end), where).not.toContain('\n');
        applied(snapshot.text, [edit, ...(also ?? [])]);
      }
      const found = await explainAt(snapshot, end, { evaluation, file });
      if (found)
        expect(found.range.start <= end && end <= found.range.end && found.range.end <= snapshot.text.length).toBe(
          true,
        );
      signatureAt(snapshot, end);
    }
  });

  it('is not disturbed by what stands behind the cursor', async () => {
    const text = inNotation(whole, notation);
    for (let cursor = 0; cursor <= text.length; cursor += 3) {
      const { snapshot } = snapshotOf(text, notation);
      const { items } = await propose(snapshot, cursor, { file });
      for (const { edit, also } of items) applied(text, [edit, ...(also ?? [])]);
      await explainAt(snapshot, cursor, { file });
    }
  });
});
