import { FileType, Uri, workspace } from 'vscode';

/** More files than this are not told of. */
const mostFiles = 20_000;
const skipped = new Set(['node_modules', '.git']);

/**
 * The files in a folder and the folders in it, at most some thousands. Each folder is looked into by itself: not every
 * file system of a browser can be searched.
 * @param onlyItself the folders in it are not looked into
 */
export async function filesBelow(root: Uri, onlyItself = false): Promise<Uri[]> {
  const files: Uri[] = [];
  const folders = [root];
  for (let folder = folders.shift(); folder && files.length < mostFiles; folder = folders.shift()) {
    const here = folder;
    const entries = await workspace.fs.readDirectory(here).then(
      (found) => found,
      () => [],
    );
    for (const [name, type] of entries) {
      // Links are not followed: they may lead in a circle.
      if (type === FileType.File) files.push(Uri.joinPath(here, name));
      else if (type === FileType.Directory && !onlyItself && !skipped.has(name)) folders.push(Uri.joinPath(here, name));
    }
  }
  return files;
}
