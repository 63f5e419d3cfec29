import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { rewrite } from '../../files/durableFiles.ts';
import { swhidOfFolder } from '../../packages/swhid.ts';
import type { Findings } from '../job.ts';
import type { OpenJob } from '../store/openJob.ts';

/** What is left to do when SciCat has all: the identifier of the content, a receipt, and nothing unpacked stays behind. */
export async function finish(job: OpenJob, pid: string | undefined): Promise<Findings> {
  const { staged, request, id } = job.record;
  const isWanted = request.options.swhid === true && staged?.folder !== undefined;
  const swhid = isWanted ? await swhidOfFolder(staged.folder) : undefined;
  if (job.record.protocol !== 'command-line') {
    const folder = path.join(job.folder, 'result');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const receipt = { job: id, pid: pid ?? null, swhid: swhid ?? null, at: new Date().toISOString() };
    await rewrite(path.join(folder, 'receipt.json'), `${JSON.stringify(receipt, null, 2)}\n`);
  }
  await rm(path.join(job.folder, 'work'), { recursive: true, force: true });
  return { ...(swhid !== undefined && { swhid }) };
}
