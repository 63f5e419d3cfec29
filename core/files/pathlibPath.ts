import path from 'node:path';

/**
 * Paths as Python's pathlib prints and compares them, because paths of a dataset come from there: `//` and `./` are
 * collapsed, `..` is kept (it may lead through a symbolic link), nothing is looked up on disk. Always with `/`.
 */

interface PathParts {
  /** `''`, `/`, `//` (POSIX keeps exactly two leading slashes) or a Windows drive such as `C:/`. */
  readonly root: string;
  readonly names: readonly string[];
}

function partsOf(text: string): PathParts {
  const slashed = path.sep === '\\' ? text.replaceAll('\\', '/') : text;
  const root = /^(?:[A-Za-z]:\/|\/\/(?!\/)|\/)/.exec(slashed)?.[0] ?? '';
  const names = slashed
    .slice(root.length)
    .split('/')
    .filter((name) => name !== '' && name !== '.');
  return { root, names };
}

/** Whether a path is one from the root that is written as pathlib would write it: most are. */
function isPlain(text: string): boolean {
  return path.sep === '/' && text.startsWith('/') && !/\/(?:\.?\/|\.?$)/.test(text);
}

/** The text that `str(pathlib.Path(text))` gives, with `/` on every system. */
export function pathlibText(text: string): string {
  if (isPlain(text)) return text;
  const { root, names } = partsOf(text);
  return root + names.join('/') || '.';
}

/** `pathlib.Path(text).absolute()`: joined to the working directory, links and `..` left as they are. */
export function absolutePath(text: string, workingDirectory: string = process.cwd()): string {
  return pathlibText(path.isAbsolute(text) ? text : `${workingDirectory}/${text}`);
}

/** The file name without its last suffix: `run.nxs.hdf` → `run.nxs`, `.hidden` → `.hidden`. */
export function pathStem(text: string): string {
  const name = partsOf(text).names.at(-1) ?? '';
  const dot = name.lastIndexOf('.');
  return dot > 0 && dot < name.length - 1 ? name.slice(0, dot) : name;
}

/**
 * `path` as seen from the folder `base`, by comparing names only (pathlib's `relative_to`): `.` for the folder
 * itself, undefined if `path` is not below it.
 */
export function pathBelow(text: string, base: string): string | undefined {
  if (text.startsWith(`${base}/`) && isPlain(text) && isPlain(base)) return text.slice(base.length + 1);
  const inner = partsOf(text);
  const outer = partsOf(base);
  if (inner.root !== outer.root || outer.names.some((name, index) => inner.names[index] !== name)) {
    return undefined;
  }
  return inner.names.slice(outer.names.length).join('/') || '.';
}
