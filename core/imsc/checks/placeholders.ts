import { inQuotes, placeholdersIn } from '../../text/placeholders.ts';
import { problem } from '../../problems/problem.ts';
import type { Check } from './check.ts';

/** Texts of a new schema that nobody has replaced yet. */
export const checkPlaceholders: Check = ({ evaluation, report }) => {
  for (const { owner, scalar, text, isKey } of evaluation.templates) {
    if (isKey || owner.keys.get('url')?.value === scalar) continue;
    const found = placeholdersIn(text);
    if (found.length === 0) continue;
    const [subject, what] = found.length === 1 ? ['stands', 'it means'] : ['stand', 'they mean'];
    report(
      problem(
        'placeholder-left',
        `${inQuotes(found)} ${subject} for what is to be filled in, and would be stored like that. Write what ${what} here.`,
        scalar.range,
      ),
    );
  }
};
