'load later';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { problem } from '../../core/problems/problem.ts';
import { FileError, unreadableFile } from '../../core/files/fileError.ts';
import { failureCode, failureReason } from '../../core/files/failureReason.ts';
import { readSmallFile } from '../../core/files/smallFile.ts';
import { megabytes } from '../../core/limits/budget.ts';
import { checkBag } from '../../core/packages/bags/bag.ts';
import type { BagOptions, BagReport } from '../../core/packages/bags/bag.ts';
import { makeBag } from '../../core/packages/bags/makeBag.ts';
import { metadataFileNames, readMetadataFile } from '../../core/packages/metadata/metadataFile.ts';
import { PackageError } from '../../core/packages/packageError.ts';
import type { Finding } from '../../core/packages/rules.ts';
import { unpackArchive } from '../../core/packages/unpack.ts';
import { stripRoot } from '../../core/packages/unpackWithin.ts';
import type { CommandAction, Invocation } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';

/** `imsc bag check` and `imsc bag make`. */
export const bagCommand: CommandAction = async (invocation) => {
  const { terminal, args, options } = invocation;
  const [action = '', ...paths] = args;
  const misused =
    action === 'check' && (options['algorithm'] !== undefined || options['info'] !== undefined)
      ? '--algorithm and --info belong to “imsc bag make”.'
      : action === 'make' && options['strict'] === true
        ? '--strict belongs to “imsc bag check”.'
        : undefined;
  if (misused !== undefined) {
    terminal.problems([problem('usage', misused)]);
    return exitCodes.usage;
  }
  const signal = interruptSignal();
  try {
    return await (action === 'make' ? makeBags(invocation, paths, signal) : checkBags(invocation, paths, signal));
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.problems([problem('cancelled', 'Called off.')]);
    return 130;
  }
};

/** What is told of one path. */
interface Checked {
  readonly path: string;
  readonly complete: boolean;
  readonly valid: boolean;
  readonly version: string | null;
  readonly algorithms: readonly string[];
  readonly files: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

async function checkBags(
  { terminal, options }: Invocation,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const bags: Checked[] = [];
  for (const given of paths) {
    const checked = await checkOne(given, terminal, {
      strictChecksums: options['strict'] === true,
      signal,
      onProgress: ({ bytesDone, bytesTotal }) => {
        terminal.progress(given, bytesTotal === 0 ? 1 : bytesDone / bytesTotal);
      },
    }).catch((error: unknown): Checked => {
      if (!(error instanceof FileError)) throw error;
      terminal.problems([error.toProblem()]);
      return { ...notRead(given), findings: [] };
    });
    bags.push(checked);
    if (!terminal.isJson) printBag(terminal, checked);
  }
  if (terminal.isJson) terminal.printJson({ bags });
  return bags.every(({ valid }) => valid) ? exitCodes.done : exitCodes.failed;
}

const notRead = (given: string): Omit<Checked, 'findings'> => ({
  path: given,
  complete: false,
  valid: false,
  version: null,
  algorithms: [],
  files: 0,
  bytes: 0,
});

/** Checks a folder, or what is in an archive. */
async function checkOne(given: string, terminal: Terminal, options: BagOptions): Promise<Checked> {
  const found = await stat(given).catch((error: unknown) => {
    throw unreadableFile(given, error);
  });
  if (found.isDirectory()) return checkFolder(given, given, options);
  const place = await mkdtemp(path.join(tmpdir(), 'imsc-bag-')).catch((error: unknown) => {
    throw notUnpacked(given, error);
  });
  try {
    await unpackArchive(given, path.join(place, 'bag'), {
      signal: options.signal,
      onProgress: ({ bytes }) => {
        terminal.progress(`${given}: unpacked ${megabytes(bytes)}`);
      },
    });
    return await checkFolder(given, await stripRoot(path.join(place, 'bag')), options);
  } catch (error) {
    if (!(error instanceof PackageError)) throw notUnpacked(given, error);
    return { ...notRead(given), findings: [error.found] };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** What the system says of the place where archives are unpacked, for people; other failures as they are. */
function notUnpacked(given: string, error: unknown): unknown {
  if (error instanceof FileError || !/^E[A-Z]+$/.test(failureCode(error) ?? '')) return error;
  const message = `${given} cannot be unpacked in ${tmpdir()}: ${failureReason(error)}. Set TMPDIR to another place.`;
  return new FileError('file-path', message);
}

async function checkFolder(given: string, folder: string, options: BagOptions): Promise<Checked> {
  const report = await checkBag(folder, options);
  const findings = [...report.findings, ...(await findingsOfMetadata(folder, report))];
  const isSound = findings.every(({ severity }) => severity !== 'error');
  return {
    path: given,
    complete: report.complete,
    valid: report.valid && isSound,
    version: report.version ?? null,
    algorithms: report.algorithms,
    files: report.payload.length,
    bytes: report.payload.reduce((total, { size }) => total + size, 0),
    findings,
  };
}

/** What is wrong with a metadata file beside bagit.txt. */
async function findingsOfMetadata(folder: string, { payload }: BagReport): Promise<Finding[]> {
  const files = payload.map((file) => file.path.slice('data/'.length));
  const names = (await readdir(folder)).filter((name) => metadataFileNames.includes(name));
  const found = names.map(
    async (name) => readMetadataFile(name, await readSmallFile(path.join(folder, name)), files).findings,
  );
  return (await Promise.all(found)).flat();
}

function printBag(
  terminal: Terminal,
  { path: given, complete, valid, version, files, bytes, findings }: Checked,
): void {
  const { colors } = terminal;
  for (const { severity, code, message } of findings) {
    const paint = severity === 'error' ? colors.red : colors.yellow;
    terminal.print(`  ${paint(`${severity}:`)} ${message} ${colors.dim(`[${code}]`)}`);
  }
  const verdict = valid ? colors.green('valid') : colors.red(complete ? 'complete, but not valid' : 'not complete');
  const what =
    version === null ? '' : ` (version ${version}, ${files} ${files === 1 ? 'file' : 'files'}, ${bytes} bytes)`;
  terminal.print(`${given}: ${verdict}${what}`);
}

async function makeBags(
  { terminal, options }: Invocation,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const algorithms = textsOf(options['algorithm']);
  const info = textsOf(options['info']).map((text): [string, string] => {
    const colon = text.indexOf('=');
    return colon < 1 ? ['', text] : [text.slice(0, colon), text.slice(colon + 1)];
  });
  const wrong = info.find(([label]) => label === '' || /[:\r\n]/.test(label));
  if (wrong) {
    terminal.problems([problem('usage', `--info “${wrong.join('')}” is not of the form label=value.`)]);
    return exitCodes.usage;
  }
  const made: object[] = [];
  let failed = false;
  for (const folder of paths) {
    try {
      const bag = await makeBag(folder, {
        algorithms: algorithms.length > 0 ? algorithms : ['sha256'],
        info,
        signal,
        onProgress: ({ bytesDone, bytesTotal }) => {
          terminal.progress(folder, bytesTotal === 0 ? 1 : bytesDone / bytesTotal);
        },
      });
      made.push({ path: folder, ...bag, problems: [] });
      if (!terminal.isJson)
        terminal.print(
          `${folder} is a bag now (${bag.files} ${bag.files === 1 ? 'file' : 'files'}, ${bag.bytes} bytes).`,
        );
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      failed = true;
      const found = error.toProblem();
      terminal.problems([found]);
      made.push({ path: folder, files: 0, bytes: 0, problems: [terminal.problemRecord(found)] });
    }
  }
  if (terminal.isJson) terminal.printJson({ bags: made });
  return failed ? exitCodes.failed : exitCodes.done;
}

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
