'load later';

import { randomUUID } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadConfig } from '../../core/config/config.ts';
import { failureCode, failureReason } from '../../core/files/failureReason.ts';
import { makeFolder } from '../../core/files/makeFolder.ts';
import { writeScalar } from '../../core/imsc/edits/writeScalar.ts';
import { string } from '../../core/imsc/values/values.ts';
import { newSchemaText } from '../../core/ingest/newSchema/newSchemaText.ts';
import { sampleComment } from '../../core/ingest/newSchema/sampleComment.ts';
import { NexusError } from '../../core/nexus/model.ts';
import { preferQuickStart } from '../../core/nexus/quickStart.ts';
import { openNexusInTime } from '../../core/nexus/worker/openInTime.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { runAndUpdate } from '../check/updateTest.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { ciText, configText, emptySchemaText } from '../initFiles.ts';

/** A file of the new folder, and whether it is new or was there. */
interface Made {
  readonly file: string;
  readonly state: 'written' | 'kept';
}

/** `imsc init`: a folder to begin with. What is there stays as it is. */
export const initCommand: CommandAction = async ({ terminal, args, options }) => {
  preferQuickStart();
  const folder = path.resolve(args[0] ?? '.');
  const sample = typeof options['sample'] === 'string' ? path.resolve(options['sample']) : undefined;
  const made: Made[] = [];
  const problems: Problem[] = [];
  try {
    const schemas = path.join(folder, 'schemas');
    const name = sample === undefined ? 'first' : nameFor(sample);
    const configFile = path.join(folder, 'config.yml');
    // All that can go wrong with the sample goes wrong before anything is written.
    const schema =
      sample === undefined ? emptySchemaText(randomUUID()) : await schemaText(sample, folder, name, configFile);
    made.push(await writeNew(configFile, configText));
    made.push(await writeNew(path.join(schemas, `${name}.imsc.yml`), schema));
    if (sample !== undefined) {
      const test = await writeNew(
        path.join(schemas, `${name}.imsc.test.yml`),
        `sample: ${writeScalar(string(relative(schemas, sample)), 'yaml')}\n`,
      );
      made.push(test);
      if (test.state === 'written') problems.push(...(await runAndUpdate(test.file)).problems);
      if (path.relative(folder, sample).startsWith('..')) {
        const message = `The sample lies outside of ${folder}, so that the test runs on this computer only; a copy below it can be tested everywhere.`;
        problems.push(problem('sample-outside', message));
      }
    }
    made.push(await writeNew(path.join(folder, '.github', 'workflows', 'schemas.yml'), ciText(sample !== undefined)));
  } catch (error) {
    problems.push(whatFailed(error, folder));
  }
  const failed = problems.some(({ severity }) => severity === 'error');
  if (terminal.isJson) {
    terminal.printJson({
      outcome: failed ? 'failed' : 'made',
      folder,
      files: made.map(({ file, state }) => ({ file, state })),
      problems: problems.map((found) => terminal.problemRecord(found)),
    });
  } else {
    for (const { file, state } of made)
      terminal.print(
        `${state === 'written' ? terminal.colors.green('wrote') : terminal.colors.dim('stays')}  ${terminal.places.shortName(file)}`,
      );
    if (!failed) {
      const shown = terminal.places.shortName(folder);
      const within = shown === '' || shown === folder ? folder : shown;
      const again = sample === undefined ? '' : ` Then imsc test ${within} --update.`;
      terminal.say(
        `Next: fill in what imsc check ${within}/schemas names; imsc doctor -c ${within}/config.yml looks at the rest.${again}`,
      );
    }
  }
  terminal.problems(problems);
  return failed ? exitCodes.failed : exitCodes.done;
};

/** A name of a schema file, made of that of a data file. */
function nameFor(sample: string): string {
  const base = path.basename(sample, path.extname(sample)).replace(/[^\p{L}\p{N}_-]+/gu, '-');
  return base.replace(/^-+|-+$/g, '').slice(0, 100) || 'first';
}

/** As it is written into files, which are read on other systems, too. */
function relative(from: string, to: string): string {
  return path.relative(from, to).replaceAll(path.sep, '/');
}

/** @throws NexusError if the sample cannot be read */
async function schemaText(sample: string, folder: string, name: string, configFile: string): Promise<string> {
  const isThere = await stat(configFile).catch(() => undefined);
  const { config } = loadConfig(isThere ? { file: configFile } : { file: configFile, text: configText });
  const file = await openNexusInTime(sample);
  try {
    const text = await newSchemaText(file, [], 'yaml', name, config, folder);
    return sampleComment(path.join(folder, 'schemas'), sample, 'yaml') + text;
  } finally {
    await file.close();
  }
}

/** Writes a file unless something, also a link, has its name. @throws what the system says */
async function writeNew(file: string, text: string): Promise<Made> {
  await makeFolder(path.dirname(file));
  try {
    await writeFile(file, text, { flag: 'wx' });
    return { file, state: 'written' };
  } catch (error) {
    if (failureCode(error) !== 'EEXIST') throw error;
    return { file, state: 'kept' };
  }
}

function whatFailed(error: unknown, folder: string): Problem {
  if (error instanceof NexusError) return problem('data-file', error.message);
  if (failureCode(error) === undefined) throw error;
  return problem('cannot-write', `The folder ${folder} cannot be filled: ${failureReason(error)}. Name another one.`);
}
