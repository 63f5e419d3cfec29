import { budget, megabytes } from '../limits/budget.ts';
import { decodeText } from '../text/decodeText.ts';
import { remoteFiles } from './host/remote.ts';
import type * as smallFile from './smallFile.ts';

export const readSmallFile: typeof smallFile.readSmallFile = async (file, options) => {
  const { size } = await remoteFiles().state(file);
  if (size > budget.textFile)
    throw new Error(`it has ${megabytes(size)}, and more than ${megabytes(budget.textFile)} are not read`);
  return decodeText(await remoteFiles().read(file), options);
};

export const readSmallFileSync: typeof smallFile.readSmallFileSync = () => {
  throw new Error('it is not read in a browser');
};
