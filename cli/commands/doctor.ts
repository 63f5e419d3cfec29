'load later';

import { inQuotes, placeholdersIn } from '../../core/text/placeholders.ts';
import type { Config } from '../../core/config/config.ts';
import { loadSchemas } from '../../core/ingest/schemas/loadSchemas.ts';
import type { SchemaSet } from '../../core/ingest/schemas/select.ts';
import { connect } from '../../core/ingest/sources/connect.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { Account, ScicatClient } from '../../core/scicat/client.ts';
import { ScicatError } from '../../core/scicat/errors.ts';
import type { ScicatErrorKind } from '../../core/scicat/errors.ts';
import { isList, jsonIn, textAt } from '../../core/scicat/json.ts';
import { isExpired, tokenExpiry } from '../../core/scicat/token.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';
import { lookAtJobStore, problemOf } from '../jobStore.ts';
import type { Terminal } from '../terminal.ts';
import { readSettings, wrongUsage } from './settings.ts';

/** What can be said of one thing: what cannot be told is `unknown`, and no failure. */
interface Verdict {
  readonly state: 'works' | 'fails' | 'unknown';
  /** What there is or what is wrong, with the way out; one line. */
  readonly message: string;
}

/** What was found before the things are looked at one by one. */
interface Findings {
  readonly config: Config;
  readonly configProblems: readonly Problem[];
  readonly client: ScicatClient;
  /** Who the token belongs to, or why that could not be learnt. */
  readonly account: Account | ScicatError;
  readonly schemas: SchemaSet;
}

const works = (message: string): Verdict => ({ state: 'works', message });
const fails = (message: string): Verdict => ({ state: 'fails', message });
const unknown = (message: string): Verdict => ({ state: 'unknown', message });

/** Everything that is looked at, in the order in which it is needed. */
const examinations: readonly {
  readonly name: string;
  readonly look: (findings: Findings) => Verdict | Promise<Verdict>;
}[] = [
  { name: 'configuration', look: lookAtConfiguration },
  { name: 'SciCat', look: lookAtScicat },
  { name: 'token', look: lookAtToken },
  { name: 'groups', look: lookAtGroups },
  { name: 'proposals', look: lookAtProposals },
  { name: 'schemas', look: lookAtSchemas },
  { name: 'jobs', look: lookAtJobs },
];

/** `imsc doctor`: what of all that an ingestion needs works, what does not, and what to do about it. Writes nothing. */
export const doctorCommand: CommandAction = async (invocation) => {
  const { terminal } = invocation;
  const { config, problems } = readSettings(invocation);
  if (problems.some(({ code }) => code === 'usage')) return wrongUsage(terminal, problems);
  const isWrong = problems.some(({ severity }) => severity === 'error');
  const checks: (Verdict & { readonly name: string })[] = [];
  const all = [...problems];
  if (isWrong) {
    // Defaults stand for what could not be read, and nobody asked for those.
    const waits = unknown('The configuration must be right first.');
    for (const [index, { name }] of examinations.entries())
      checks.push({ name, ...(index === 0 ? lookAtConfiguration({ config, configProblems: problems }) : waits) });
  } else {
    const signal = interruptSignal();
    // One try: it is asked how things are now.
    const client = connect({ ...config.scicat, max_tries: 1 }, { signal });
    const [account, schemas] = await Promise.all([client.whoami().catch(scicatError), loadSchemas(config)]);
    all.push(...schemas.problems);
    const findings = { config, configProblems: problems, client, account, schemas };
    for (const { name, look } of examinations) checks.push({ name, ...(await look(findings)) });
    if (signal.aborted) {
      terminal.say('Stopped; nothing was changed.');
      return exitCodes.failed;
    }
  }
  if (terminal.isJson) {
    terminal.printJson({
      checks: checks.map(({ name, state, message }) => ({ name, state, message })),
      problems: all.map((found) => terminal.problemRecord(found)),
    });
  } else {
    for (const check of checks) terminal.print(lineOf(terminal, check));
  }
  terminal.problems(all);
  return checks.some(({ state }) => state === 'fails') ? exitCodes.failed : exitCodes.done;
};

function lineOf({ colors }: Terminal, { name, state, message }: Verdict & { readonly name: string }): string {
  const [word, paint] = {
    works: ['works', colors.green] as const,
    fails: ['does not', colors.red] as const,
    unknown: ['not known', colors.yellow] as const,
  }[state];
  return `${paint(word.padEnd(9))}  ${name.padEnd(13)}  ${message}`;
}

function lookAtConfiguration({ config, configProblems }: Pick<Findings, 'config' | 'configProblems'>): Verdict {
  const [first, ...more] = configProblems.filter(({ severity }) => severity === 'error');
  if (first) return fails(first.message + (more.length > 0 ? ` And ${more.length} more.` : ''));
  if (config.config_file === '')
    return unknown('None is named, so that defaults stand for it; name one with -c CONFIG.');
  const warnings = configProblems.length;
  const said = warnings === 0 ? '' : `, with ${warnings} ${warnings === 1 ? 'remark' : 'remarks'}, see below`;
  return works(`${config.config_file} can be used${said}.`);
}

/** What SciCat says to somebody whom it does not know: it is there. */
const answers: ReadonlySet<ScicatErrorKind> = new Set(['unauthorized', 'session-expired', 'forbidden']);
/** What may be over in a moment. */
const passing: ReadonlySet<ScicatErrorKind> = new Set(['cancelled', 'rate-limited']);

function lookAtScicat({ config, account }: Findings): Verdict {
  if (!(account instanceof ScicatError) || answers.has(account.kind)) return works(`${config.scicat.host} answers.`);
  return passing.has(account.kind) ? unknown(account.message) : fails(account.message);
}

function lookAtToken({ config: { scicat }, account }: Findings): Verdict {
  const token = scicat.token.reveal();
  const until = tokenExpiry(token)?.toISOString();
  if (isExpired(token)) return fails(`It has expired at ${until ?? ''}. Sign in again: imsc login.`);
  if (!(account instanceof ScicatError)) {
    const { username, email, groups } = account;
    const who = email === undefined ? username : `${username} <${email}>`;
    const of = groups.length === 0 ? 'in no group' : `in ${groups.join(', ')}`;
    return works(
      `It is that of ${who}, ${of}, ${until === undefined ? 'and does not say when it ends' : `until ${until}`}.`,
    );
  }
  if (token === '' && Object.keys(scicat.additional_headers).length === 0) {
    return fails(
      'There is none. Get one with imsc login, and give it in SCICAT_TOKEN or with --scicat.token-file FILE.',
    );
  }
  return answers.has(account.kind) ? fails(account.message) : unknown('SciCat must answer first.');
}

function lookAtGroups({ config: { dataset }, account }: Findings): Verdict {
  if (account instanceof ScicatError) return unknown('SciCat must know first whose token it is.');
  const group = dataset.default_owner_group;
  if (group === null || group === '')
    return unknown('No dataset.default_owner_group is configured; each schema names the ownerGroup.');
  const left = placeholdersIn(group);
  if (left.length > 0) return unknown(`dataset.default_owner_group is ${inQuotes(left)}, an example; write your own.`);
  if (account.groups.includes(group)) return works(`${account.username} is in ${group}, the configured owner group.`);
  return unknown(
    `${account.username} is not in ${group}, the configured owner group: that works only where the account may create ` +
      'datasets for every group, which SciCat does not tell. Else change dataset.default_owner_group, or ask its administrators.',
  );
}

async function lookAtProposals({ client, account }: Findings): Promise<Verdict> {
  if (account instanceof ScicatError) return unknown('SciCat must know first whose token it is.');
  try {
    const filters = encodeURIComponent('{"limits":{"limit":1}}');
    const { bodyText } = await client.get(`proposals?filters=${filters}`);
    const list = jsonIn(bodyText);
    if (!isList(list)) return unknown('SciCat does not answer with a list of proposals.');
    const id = textAt(list[0], 'proposalId');
    if (id !== undefined) return works(`They can be read, e.g. ${id}.`);
    return unknown(
      'SciCat shows none: there is none, or this account may read none. Schemas that ask for one (source: SC) need that right.',
    );
  } catch (error) {
    const { kind, message } = scicatError(error);
    return answers.has(kind)
      ? fails(`${message} Schemas that ask for a proposal (source: SC) need it.`)
      : unknown(message);
  }
}

function lookAtSchemas({ config, schemas: { schemas, fallback, problems } }: Findings): Verdict {
  const folder = config.ingestion.schemas_directory;
  const faults = problems.filter(({ severity }) => severity === 'error');
  const [first] = faults;
  const usable = `${schemas.length} ${schemas.length === 1 ? 'schema' : 'schemas'} of ${folder} can be used`;
  if (first)
    return fails(
      `${usable}. ${first.message} ${schemas.length > 0 ? 'imsc check finds what is wrong.' : 'ingestion.schemas_directory names the folder.'}`,
    );
  if (schemas.length > 0) return works(`${usable}; imsc check looks for mistakes in them.`);
  if (fallback) return works(`${folder} holds none; the fallback takes every file.`);
  return fails(`${folder} holds no schema. Name their folder in ingestion.schemas_directory, or begin with imsc init.`);
}

/** A difference of clocks that is worth a word. */
const differenceMs = 2_000;

async function lookAtJobs({ config }: Findings): Promise<Verdict> {
  let found;
  try {
    found = await lookAtJobStore(config);
  } catch (error) {
    return fails(problemOf(error).message);
  }
  const { name, open } = found;
  const waiting = `${open} ${open === 1 ? 'has' : 'have'} not ended`;
  if (found.kind === 'folder')
    return works(`They are kept in ${name}${found.isThere ? `; ${waiting}` : ', which is made with the first one'}.`);
  const { tables, aheadMs } = found;
  if (tables === 'newer')
    return fails(`Those in ${name} are those of a newer version of imsc. Use that one here, too.`);
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const clock =
    Math.abs(aheadMs) < differenceMs
      ? ''
      : ` Its clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} that of this computer, which does no harm to jobs; tokens and dates go by this one.`;
  const state =
    tables === 'same' ? waiting : tables === 'none' ? 'its tables are made with the first one' : `${waiting}; its tables are brought to this version by the next command`; // prettier-ignore
  return works(`They are kept in ${name}; ${state}.${clock}`);
}

/** @throws whatever is no answer of SciCat */
function scicatError(error: unknown): ScicatError {
  if (error instanceof ScicatError) return error;
  throw error;
}
