import { jobsIn } from '../../../core/imsc/schema/jobRecipes.ts';
import { compatibleEdits } from '../../../core/imsc/edits/applyFixes.ts';
import type { Fix, Problem, TextEdit } from '../../../core/problems/problem.ts';
import { touches } from './offer.ts';
import type { Offer, OfferContext } from './offer.ts';

/** The fixes of the problems at the selection, and those for all problems of the same kind. */
export function fixOffers(context: OfferContext): Offer[] {
  const { problems, range } = context;
  const here = problems.filter(
    (problem) => problem.range && problem.file === undefined && touches(problem.range, range),
  );
  const single = [...missingBelow(context), ...here].flatMap((problem): Offer[] =>
    (problem.fixes ?? []).map(({ title, edits, preferred }) => ({
      title,
      kind: 'quickfix',
      edits,
      problem,
      ...(preferred === true && { preferred }),
    })),
  );
  const codes = [...new Set(here.map(({ code }) => code))];
  const ofKind = codes.flatMap((code): Offer[] => {
    const same = problems.filter((problem) => problem.code === code && fixOf(problem));
    const edits = editsOf(same);
    return same.length > 1 && edits.length > 1
      ? [{ title: `Fix all ${same.length} problems of the kind “${code}”`, kind: 'quickfix', edits }]
      : [];
  });
  return [...single, ...ofKind];
}

/**
 * Keys that are missing in the entry whose name is selected. That is reported at its first key, and whoever has just
 * written the entry may stand on its name, where otherwise only its removal is offered as long as nothing uses it.
 */
function missingBelow({ snapshot: { schema }, problems, range }: OfferContext): readonly Problem[] {
  const named = [...schema.variables, ...schema.fields, ...jobsIn(schema.general)].filter(({ entry }) =>
    touches(entry.key.range, range),
  );
  return problems.filter(
    ({ code, file, range: place }) =>
      code === 'missing-key' &&
      file === undefined &&
      place !== undefined &&
      !touches(place, range) &&
      named.some(({ entry: { value } }) => value && value.range.start <= place.start && place.end <= value.range.end),
  );
}

/** Everything that has one obvious mend. */
export function fixAllOffers({ problems }: OfferContext): Offer[] {
  const edits = editsOf(problems.filter((problem) => preferredFix(problem)));
  return edits.length === 0
    ? []
    : [{ title: 'Fix all problems that have an obvious fix', kind: 'source.fixAll.imsc', edits }];
}

function editsOf(problems: readonly Problem[]): TextEdit[] {
  return compatibleEdits(problems.map((problem) => fixOf(problem)?.edits ?? [])).edits;
}

function preferredFix({ fixes, file }: Problem): Fix | undefined {
  return file === undefined ? fixes?.find(({ preferred }) => preferred === true) : undefined;
}

/** The fix that bulk work takes: the obvious one, or the only one. */
function fixOf(problem: Problem): Fix | undefined {
  const [only, ...others] = problem.file === undefined ? (problem.fixes ?? []) : [];
  return preferredFix(problem) ?? (others.length === 0 ? only : undefined);
}
