import { check, extract, merge } from './prepare.ts';
import { stage } from './stage.ts';
import { verify } from './verify.ts';
import type { Step } from './work.ts';

/** What is done of a job before anything is sent, in this order; what is sent is a plan of its own (load.ts). */
export const steps: readonly Step[] = [stage, verify, extract, merge, check];
