import { localFile } from '../nexusFiles.ts';
import type { Services } from '../services.ts';
import { setSample } from './chooseSample.ts';

/** Makes the file of the explorer's menu the sample. */
export async function run(services: Services, from: unknown): Promise<void> {
  const file = await localFile(from);
  if (file !== undefined) await setSample(services, file);
}
