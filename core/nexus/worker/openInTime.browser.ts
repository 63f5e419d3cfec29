import type * as openInTime from './openInTime.ts';
import { createNexusWorker } from './workerFile.ts';

const worker = createNexusWorker();

export const openNexusInTime: typeof openInTime.openNexusInTime = (path) => worker.open(path);
