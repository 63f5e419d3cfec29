import type { PreparingStep } from '../job.ts';
import { check, extract, merge } from './prepare.ts';
import { stage } from './stage.ts';
import { verify } from './verify.ts';
import type { Step } from './work.ts';

/** What is done of a job before anything is sent; what is sent is a plan of its own (load.ts). */
export const steps: Readonly<Record<PreparingStep, Step>> = { stage, verify, extract, merge, check };
