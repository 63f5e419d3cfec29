import type { Problem } from '../../problems/problem.ts';
import { details } from '../job.ts';
import type { Stopped, Work } from './work.ts';

/** A job that only a person can mend: what was found of it so far, and what is wrong. */
export function rejected({ problems }: Work, wrong: readonly Problem[]): Stopped {
  problems.push(...wrong);
  return { event: { kind: 'reject' }, findings: { statusDetail: details(problems) } };
}
