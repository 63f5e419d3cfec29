import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  created,
  endStates,
  jobOutcomes,
  jobStatuses,
  lifecycle,
  outcomesFrom,
  reopened,
  transition,
} from '../../../core/jobs/lifecycle.ts';
import type { Hold, JobEvent, JobState, JobStatus } from '../../../core/jobs/lifecycle.ts';

const holds: readonly Hold[] = [
  { for: 'approval' },
  { for: 'credentials' },
  { for: 'retry', until: '2026-01-01T00:00:00.000Z', reason: 'SciCat does not answer.' },
];
const plain = ['change', 'submit', 'expire', 'verify', 'reject', 'release', 'load', 'fail', 'cancel', 'resume', 'amend'] as const; // prettier-ignore
const events: readonly JobEvent[] = [
  ...plain.map((kind) => ({ kind })),
  { kind: 'resume', isUnsent: true },
  ...holds.map((hold) => ({ kind: 'hold' as const, hold })),
  ...jobOutcomes.map((outcome) => ({ kind: 'finish' as const, outcome })),
];

const anySequence = fc.array(fc.constantFrom(...events), { maxLength: 40 });

/** Goes through events as they come; those that are refused change nothing. */
function after(
  sequence: readonly JobEvent[],
  start: JobState,
  visit: (from: JobState, event: JobEvent, to: JobState | undefined) => void = () => undefined,
): JobState {
  // prettier-ignore
  return sequence.reduce((state, event) => {
    const next = transition(state, event);
    const isRefused = 'refused' in next;
    visit(state, event, isRefused ? undefined : next);
    return isRefused ? state : next;
  }, start);
}

const submitted = created(true);
const on = (...kinds: readonly JobEvent[]): JobState => after(kinds, submitted);
const verify: JobEvent = { kind: 'verify' };
const load: JobEvent = { kind: 'load' };

/** Each row of the contract: how a job comes to a status, what happens, and where it is then. */
const rows: readonly (readonly [string, JobState, JobEvent, JobStatus | 'refused'])[] = [
  ['a draft is added to', created(false), { kind: 'change' }, 'draft'],
  ['a draft is submitted', created(false), { kind: 'submit' }, 'deposited'],
  ['a draft is called off', created(false), { kind: 'cancel' }, 'cancelled'],
  ['a draft is left alone', created(false), { kind: 'expire' }, 'expired'],
  ['a draft is not loaded', created(false), load, 'refused'],
  ['the checks pass', submitted, verify, 'verified'],
  ['the checks find something', submitted, { kind: 'reject' }, 'rejected'],
  ['the checks find it in SciCat', submitted, { kind: 'finish', outcome: 'already-present' }, 'done'],
  ['nothing is ingested by the checks', submitted, { kind: 'finish', outcome: 'ingested' }, 'refused'],
  ['the checks cannot be made', submitted, { kind: 'fail' }, 'failed'],
  ['it is called off while it is checked', submitted, { kind: 'cancel' }, 'cancelled'],
  ['what is submitted does not change', submitted, { kind: 'change' }, 'refused'],
  ['what is submitted does not expire', submitted, { kind: 'expire' }, 'refused'],
  ['it goes on', on(verify), load, 'loading'],
  ['a dry run ends where loading would begin', on(verify), { kind: 'finish', outcome: 'dry-run' }, 'done'],
  ['it is called off before it is loaded', on(verify), { kind: 'cancel' }, 'cancelled'],
  ['it does not go on without approval', on(verify, { kind: 'hold', hold: { for: 'approval' } }), load, 'refused'],
  ['all steps are done', on(verify, load), { kind: 'finish', outcome: 'ingested' }, 'done'],
  ['it turns out to be there', on(verify, load), { kind: 'finish', outcome: 'already-present' }, 'done'],
  ['what was loaded was no dry run', on(verify, load), { kind: 'finish', outcome: 'dry-run' }, 'refused'],
  ['a step fails for good', on(verify, load), { kind: 'fail' }, 'failed'],
  ['it is called off while it is loaded', on(verify, load), { kind: 'cancel' }, 'cancelled'],
  ['what failed while it was loaded goes on there', on(verify, load, { kind: 'fail' }), { kind: 'resume' }, 'loading'],
  ['what SciCat has refused begins with the checks', on(verify, load, { kind: 'fail' }), { kind: 'resume', isUnsent: true }, 'deposited'], // prettier-ignore
  ['what failed before begins with the checks', on(verify, { kind: 'fail' }), { kind: 'resume' }, 'deposited'],
  ['what was called off goes on', on(verify, load, { kind: 'cancel' }), { kind: 'resume' }, 'loading'],
  ['a draft that was called off does not', after([{ kind: 'cancel' }], created(false)), { kind: 'resume' }, 'refused'],
  ['what is rejected is not resumed', on({ kind: 'reject' }), { kind: 'resume' }, 'refused'],
  ['what is done is amended', on(verify, load, { kind: 'finish', outcome: 'ingested' }), { kind: 'amend' }, 'done'],
  ['what is done is not done again', on(verify, load, { kind: 'finish', outcome: 'ingested' }), { kind: 'resume' }, 'refused'],
  ['a dry run left nothing to amend', on(verify, { kind: 'finish', outcome: 'dry-run' }), { kind: 'amend' }, 'refused'],
]; // prettier-ignore

describe('the lifecycle of a job', () => {
  it.each(rows)('%s', (_, state, event, expected) => {
    const next = transition(state, event);
    expect('refused' in next ? 'refused' : next.status).toBe(expected);
  });

  it('is never left, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.boolean(), anySequence, (isComplete, sequence) => {
        after(sequence, created(isComplete), (from, event, to) => {
          if (!to) return;
          expect(jobStatuses).toContain(to.status);
          const allowed = lifecycle[from.status][event.kind];
          expect(allowed).toBeDefined();
          // Only what has been loaded goes on there.
          if (event.kind === 'resume') expect(to.status).toBe(to.hasLoaded ? 'loading' : 'deposited');
          else expect(to.status).toBe(allowed);
          expect(to.hold).toEqual(event.kind === 'hold' ? event.hold : undefined);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('keeps its ends', () => {
    fc.assert(
      fc.property(fc.boolean(), anySequence, (isComplete, sequence) => {
        after(sequence, created(isComplete), (from, event, to) => {
          if (!to || !endStates.has(from.status)) return;
          if (event.kind !== 'resume') expect(to.status).toBe(from.status);
          else expect(['failed', 'cancelled']).toContain(from.status);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('raises the revision by one with each change, and with nothing else', () => {
    fc.assert(
      fc.property(fc.boolean(), anySequence, (isComplete, sequence) => {
        let changes = 0;
        const end = after(sequence, created(isComplete), (from, _, to) => {
          if (!to) return;
          changes += 1;
          expect(to.revision).toBe(from.revision + 1);
        });
        expect(end.revision).toBe(1 + changes);
      }),
    );
  });

  it('has an outcome exactly where it is done, and one that it may have', () => {
    fc.assert(
      fc.property(fc.boolean(), anySequence, (isComplete, sequence) => {
        after(sequence, created(isComplete), (from, event, to) => {
          if (!to) return;
          expect(to.outcome === undefined).toBe(to.status !== 'done');
          if (event.kind === 'finish') expect(outcomesFrom[from.status]).toContain(to.outcome);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('never forgets that SciCat may hold something, unless it is known that it holds nothing', () => {
    fc.assert(
      fc.property(anySequence, (sequence) => {
        after(sequence, submitted, (from, event, to) => {
          if (!to) return;
          const isForgotten = event.kind === 'resume' && event.isUnsent === true;
          expect(to.hasLoaded).toBe((from.hasLoaded && !isForgotten) || event.kind === 'load');
        });
      }),
    );
  });

  it.each(holds)('does not go forward while it waits ($for)', (hold) => {
    const waiting = on(verify, { kind: 'hold', hold });
    expect(transition(waiting, load)).toMatchObject({ refused: expect.stringContaining('waits for') as string });
    expect(after([{ kind: 'release' }, load], waiting).status).toBe('loading');
    expect(after([{ kind: 'cancel' }], waiting).status).toBe('cancelled');
  });

  it('tries each of its entries', () => {
    const seen = new Set<string>();
    for (const [, state, event] of rows) {
      if (!('refused' in transition(state, event))) seen.add(`${state.status} ${event.kind}`);
    }
    for (const status of ['deposited', 'verified', 'loading'] as const) {
      const state = { ...submitted, status };
      const held = transition(state, { kind: 'hold', hold: { for: 'credentials' } });
      if ('refused' in held) continue;
      seen.add(`${status} hold`);
      if (!('refused' in transition(held, { kind: 'release' }))) seen.add(`${status} release`);
      if (!('refused' in transition(state, { kind: 'fail' }))) seen.add(`${status} fail`);
    }
    const all = jobStatuses.flatMap((status) => Object.keys(lifecycle[status]).map((kind) => `${status} ${kind}`));
    expect([...seen].sort()).toEqual(all.sort());
  });

  it.each(jobStatuses)('of one that is %s begins anew only where it cannot go on', (status) => {
    const again = reopened({ ...submitted, status, revision: 7 });
    if (status === 'rejected' || status === 'expired') expect(again).toEqual(created(false));
    else expect(again).toHaveProperty('refused');
  });
});
