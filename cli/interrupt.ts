/**
 * A signal that Ctrl-C or a termination aborts, so that a run stops between two steps and tells what it has done. A
 * second Ctrl-C ends the process at once.
 *
 * A program that keeps a channel to this process, such as an editor, ends it by going away.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Error(`stopped by ${name}`));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (process.channel)
    process.once('disconnect', () => {
      stop('SIGTERM');
    });
  return controller.signal;
}
