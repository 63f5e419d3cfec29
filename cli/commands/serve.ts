'load later';

import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { failureReason } from '../../core/files/failureReason.ts';
import { FileError } from '../../core/files/fileError.ts';
import { Jobs } from '../../core/jobs/jobs.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { accountName, Accounts, AccountsFileError, addAccount } from '../../gateway/accounts/accounts.ts';
import { Notify } from '../../gateway/notify.ts';
import { startService } from '../../gateway/service.ts';
import type { Service } from '../../gateway/service.ts';
import { loadServeSettings, protocolNames } from '../../gateway/settings/serveSettings.ts';
import type { ServeOverrides, ServeSettings } from '../../gateway/settings/serveSettings.ts';
import type { CommandAction, Invocation } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';
import { openJobStore, problemOf } from '../jobStore.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';
import { readSettings, wrongUsage } from './settings.ts';

/** What runs has so long to end, or to come to a point from which it goes on at the next start. */
const graceMs = 10_000;

/** `imsc serve`: the ingest service, until it is interrupted. */
export const serveCommand: CommandAction = async (invocation) => {
  const { terminal, options } = invocation;
  const { config, problems: configProblems } = readSettings(invocation);
  const { overrides, misuse } = overridesOf(options);
  const file = typeof options['serveConfig'] === 'string' ? options['serveConfig'] : undefined;
  const { settings, problems: serveProblems } = loadServeSettings({ file, overrides });
  const isAdding = options['addAccount'] !== undefined;
  const problems = [
    ...misuse.map((message) => problem('usage', message)),
    ...configProblems,
    ...serveProblems,
    ...(isAdding ? [] : await accountProblems(settings)),
  ];
  if (problems.some(({ severity }) => severity === 'error')) return wrongUsage(terminal, problems);
  terminal.problems(problems);
  if (isAdding) return add(terminal, settings, String(options['addAccount']), options['admin'] === true);
  const store = await openJobStore(invocation, config, settings.store).catch(problemOf);
  if ('code' in store) return failed(terminal, store);
  let service: Service;
  try {
    service = await startService({
      settings,
      jobs: new Jobs({ store }),
      config,
      version,
      onBug: (error) => {
        // A disk that is full, or a database that is away, is none.
        if (error instanceof FileError) terminal.say(error.message);
        else terminal.say(`This is a mistake of imsc; please report it: ${bugText(error)}`);
      },
      ...(settings.log && {
        log: (line) => {
          terminal.say(JSON.stringify(line));
        },
      }),
    });
  } catch (error) {
    const message = `The service cannot start on ${settings.host}, port ${settings.port}: ${failureReason(error)}. Choose another port with --port.`;
    return failed(terminal, problem('cannot-start', message));
  }
  announce(terminal, service);
  const systemd = new Notify({
    say: (text) => {
      terminal.say(text);
    },
  });
  systemd.ready(`Ingest service at ${service.url}`);
  const signal = interruptSignal();
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  systemd.stopping();
  terminal.say('Ending; what runs comes to a point from which it goes on. Ctrl-C again ends at once.');
  await service.close(graceMs);
  await systemd.close();
  // Whatever is still under way has been told to stop, and is not waited for.
  setTimeout(() => process.exit(exitCodes.done), 500).unref();
  return exitCodes.done;
};

/** What of a bug may stand in a log: never its data. */
function bugText(error: unknown): string {
  if (!(error instanceof Error)) return 'something was thrown that is no error';
  const place = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return `${error.name}${place === undefined ? '' : ` ${place.trim().replace(/\(?(?:file:\/\/)?\/.*\//, '(')}`}`;
}

function announce(terminal: Terminal, { url, entries }: Service): void {
  if (terminal.isJson) {
    terminal.printJson({ url, protocols: entries });
    return;
  }
  terminal.print(`Ingest service at ${url}`);
  for (const { name, title, url: entry } of entries) terminal.print(`  ${name.padEnd(8)} ${entry}  ${title}`);
  terminal.print('Ctrl-C ends it.');
}

/** The options of the command itself, and what is wrong with them. */
function overridesOf(options: Invocation['options']): { overrides: ServeOverrides; misuse: string[] } {
  const misuse: string[] = [];
  const texts = (name: string): string[] => {
    const given = options[name];
    return Array.isArray(given) ? given.map(String) : [];
  };
  const text = (name: string): string | undefined => {
    const given = options[name];
    return typeof given === 'string' ? given : undefined;
  };
  const port = text('port');
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65535))
    misuse.push(`“${port}” is not a port; use a number from 0 (any free one) to 65535.`);
  const locations = texts('location').flatMap((given) => {
    const [, name, folder] = /^([^=]+)=(.+)$/s.exec(given) ?? [];
    if (name !== undefined && folder !== undefined) return [{ name, path: folder }];
    misuse.push(`“${given}” is not a location: --location NAME=FOLDER.`);
    return [];
  });
  const named = text('protocols')?.split(',');
  const protocols = named?.flatMap((each) => protocolNames.filter((name) => name === each.trim()));
  if (named && protocols?.length !== named.length)
    misuse.push(`--protocols takes some of ${protocolNames.join(', ')}, with commas between them.`);
  if (options['admin'] === true && options['addAccount'] === undefined)
    misuse.push('--admin belongs to --add-account NAME.');
  return {
    misuse,
    overrides: {
      host: text('host'),
      port: port === undefined ? undefined : Number(port),
      store: text('store'),
      locations,
      allowOrigins: texts('allowOrigin'),
      protocols,
    },
  };
}

/** An accounts file that cannot be used is told with everything else that is wrong. */
async function accountProblems({ accounts_file: file }: ServeSettings): Promise<Problem[]> {
  if (file === '') return [];
  try {
    await Accounts.open(file);
    return [];
  } catch (error) {
    if (!(error instanceof AccountsFileError)) throw error;
    return [problem('config-value', error.message)];
  }
}

/** Adds an account, and shows its secret, which is kept nowhere. */
async function add(terminal: Terminal, settings: ServeSettings, name: string, isAdmin: boolean): Promise<number> {
  const { accounts_file: file } = settings;
  if (!accountName.test(name))
    return wrongUsage(terminal, [
      problem('usage', `“${name}” is no name of an account: letters, digits, hyphens and underscores.`),
    ]);
  if (file === '')
    return wrongUsage(terminal, [
      problem('usage', 'Name the accounts_file in imsc-serve.yml, and give that with --serve-config.'),
    ]);
  if (existsSync(file) && process.stdin.isTTY && !terminal.isJson && !(await isAgreed(path.basename(file), name)))
    return exitCodes.failed;
  try {
    const secret = await addAccount(file, name, isAdmin);
    if (terminal.isJson) terminal.printJson({ name, secret, token: `${name}.${secret}`, admin: isAdmin, file });
    else {
      terminal.print(`The account ${name} is in ${file}. Its secret is shown this once:`);
      terminal.print(`  password  ${secret}`);
      terminal.print(`  token     ${name}.${secret}`);
    }
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof AccountsFileError)) throw error;
    return failed(terminal, problem('config-value', error.message));
  }
}

async function isAgreed(file: string, name: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`Give ${name} a new secret in ${file}? One that it has ends to work. [y/N] `);
  lines.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

function failed(terminal: Terminal, found: Problem): number {
  if (terminal.isJson) terminal.printJson({ outcome: 'failed', problems: [terminal.problemRecord(found)] });
  terminal.problems([found]);
  return exitCodes.failed;
}
