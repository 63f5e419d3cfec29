import path from 'node:path';
import { checkBag, isBag } from '../../packages/bags/bag.ts';
import { bagProblems } from '../../packages/bags/bagProblems.ts';
import { rejected } from './rejected.ts';
import type { Step } from './work.ts';

/** Checks a bag: whether all that it lists is there, and is what it was. Only its payload is ingested. */
export const verify: Step = async (work) => {
  const { job, problems, signal } = work;
  const { staged, request } = job.record;
  if (staged?.folder === undefined || !(await isBag(staged.folder))) return undefined;
  const strictChecksums = request.options.strictChecksums ?? false;
  const { findings, valid, version, algorithms } = await checkBag(staged.folder, { signal, strictChecksums });
  const found = bagProblems(findings);
  if (!valid) return rejected(work, found);
  problems.push(...found);
  const folder = path.join(staged.folder, 'data');
  await job.notes({ staged: { ...staged, folder }, bag: { version: version ?? '', algorithms } });
  return undefined;
};
