'load later';

import type { Config } from '../../core/config/config.ts';
import { failureReason } from '../../core/files/failureReason.ts';
import { FileError } from '../../core/files/fileError.ts';
import { Jobs } from '../../core/jobs/jobs.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { Graylog, graylogTargets } from '../../gateway/graylog.ts';
import type { Severity } from '../../gateway/graylog.ts';
import { Notify } from '../../gateway/notify.ts';
import { Online, SourceAway } from '../../gateway/online/online.ts';
import { preparedSources } from '../../gateway/online/sourceKinds.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';
import { openJobStore, problemOf } from '../jobStore.ts';
import { readSettings, wrongUsage } from './settings.ts';

/** What runs has so long to end, or to come to a point from which it goes on at the next start. */
const graceMs = 30_000;

/** `imsc online`: ingests what is heard of, until it is interrupted. */
export const onlineCommand: CommandAction = async (invocation) => {
  const { terminal, options } = invocation;
  const { config: read, problems: found, wrong: wrongOption } = readSettings(invocation, false, true);
  const config = watching(read, options['watch']);
  const { sources, problems: wrong } = preparedSources(config, wrongOption);
  const { targets, problems: unclear } = graylogTargets(config.logging, wrongOption);
  // For what could not be read stands its default, of which nobody needs to hear.
  const isTold = ({ range }: Problem): boolean => found.some((each) => range && each.range?.start === range.start);
  const problems = [...found, ...[...wrong, ...unclear].filter((each) => !isTold(each))];
  if (problems.some(({ severity }) => severity === 'error')) return wrongUsage(terminal, problems);
  const line = (text: string, severity: Severity): string =>
    terminal.isJson ? JSON.stringify({ at: new Date().toISOString(), severity, message: text }) : text;
  const tell = (found: readonly Problem[]): void => {
    if (!terminal.isJson || terminal.isQuiet) terminal.problems(found);
    else for (const { message, severity } of found) terminal.say(line(message, severity === 'error' ? severity : 'warning')); // prettier-ignore
  };
  tell(problems);
  const graylog = new Graylog(targets, config.logging, (text) => {
    terminal.say(line(text, 'warning'));
  });
  const say = (text: string, severity: Severity = 'info'): void => {
    graylog.say(text, severity);
    terminal.say(line(text, severity));
  };
  const store = await openJobStore(invocation, config).catch(problemOf);
  if ('code' in store) {
    tell([store]);
    return exitCodes.failed;
  }
  const jobs = new Jobs({ store });
  const signal = interruptSignal();
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  signal.addEventListener('abort', () => {
    end(exitCodes.done);
  });
  const online = new Online({
    jobs,
    config,
    say,
    onBug: (error) => {
      const bug = `This is a mistake of imsc; please report it: ${error instanceof Error ? error.name : 'unknown'}`;
      say(error instanceof FileError ? error.message : bug, 'error');
    },
    onDead: (reason) => {
      say(reason, 'error');
      end(exitCodes.failed);
    },
    sources,
  });
  try {
    await online.start();
  } catch (error) {
    const why = failureReason(error);
    const { host, port } = config.health_check;
    const message =
      error instanceof SourceAway
        ? error.message
        : `Nobody could be told of its health on ${host}, port ${port}: ${why}. Choose another with --health-check.port.`;
    tell([problem('message', message)]);
    graylog.say(message, 'error');
    await online.stop();
    await graylog.close();
    return exitCodes.failed;
  }
  const hears = sources.map((source) => source.hears).join(', ');
  say(`Hears of new files from ${hears}; Ctrl-C ends it.`);
  const systemd = new Notify({ say });
  systemd.ready(`Hears of new files from ${hears}`);
  const code = await ended;
  systemd.stopping();
  say('Ending; what runs comes to a point from which it goes on. Ctrl-C again ends at once.');
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, graceMs).unref();
  });
  await Promise.race([online.stop(), late]);
  await Promise.all([systemd.close(), graylog.close()]);
  // Whatever is still under way has been told to stop, and is not waited for.
  setTimeout(() => process.exit(code), 500).unref();
  return code;
};

/** The folders of `--watch` take the place of those of the configuration. */
function watching(config: Config, folders: unknown): Config {
  const isGiven = Array.isArray(folders) && folders.every((folder) => typeof folder === 'string');
  return isGiven ? { ...config, watch: { ...config.watch, folders } } : config;
}
