import { rm } from 'node:fs/promises';
import path from 'node:path';
import { swhidOfFolder } from '../../packages/swhid.ts';
import type { Findings } from '../job.ts';
import { keepMadeFolder } from '../store/madeFolders.ts';
import type { OpenJob } from '../store/openJob.ts';

/**
 * What is left to do when SciCat has all: the identifier of the content, a receipt, that the folder has its dataset, and
 * nothing unpacked stays behind.
 * @throws FileError `journal-unwritable`
 */
export async function finish(job: OpenJob, pid: string | undefined): Promise<Findings> {
  const { staged, request, id } = job.record;
  const isWanted = request.options.swhid === true && staged?.folder !== undefined;
  const swhid = isWanted ? await swhidOfFolder(staged.folder) : undefined;
  if (job.record.protocol !== 'command-line') {
    const receipt = { job: id, pid: pid ?? null, swhid: swhid ?? null, at: new Date().toISOString() };
    await job.write({ pages: { 'result/receipt.json': `${JSON.stringify(receipt, null, 2)}\n` } });
  }
  const folder = staged?.folder ?? request.folder;
  // What was sent lies in a folder of this job, which nobody can name again.
  if (request.folder !== undefined && folder !== undefined && pid !== undefined)
    await keepMadeFolder(job.store, folder, request.host, { pid, job: id });
  await rm(path.join(job.folder, 'work'), { recursive: true, force: true });
  return { ...(swhid !== undefined && { swhid }) };
}
