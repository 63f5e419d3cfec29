/** The reason with which a process that ends stops its jobs: they stay as they are, for the next one to go on with. */
export class Stopping extends Error {
  override readonly name = 'Stopping';

  constructor() {
    super('The process that was at this job has ended.');
  }
}

/** Whether work was stopped because its process ends, not because somebody called it off. */
export function isStopping(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof Stopping;
}
