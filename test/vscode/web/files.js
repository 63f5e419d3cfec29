// An extension of the tests: the workspace of a VS Code in a browser. It gives the files that the page's own server has.
const { EventEmitter, FileChangeType, FileSystemError, FileType, workspace } = require('vscode');

/** @param {string} path of a folder or a file, below `/workspace` */
async function stat(path) {
  const response = await fetch(`${origin}/stat${path}`);
  if (!response.ok) throw FileSystemError.FileNotFound(path);
  return response.json();
}

const origin = __ORIGIN__;
const changed = new EventEmitter();

exports.activate = (context) => {
  context.subscriptions.push(
    workspace.registerFileSystemProvider(
      'samples',
      {
        onDidChangeFile: changed.event,
        watch: () => ({ dispose() {} }),
        async stat({ path }) {
          const { isFolder, size, mtime } = await stat(path);
          return { type: isFolder ? FileType.Directory : FileType.File, size, ctime: 0, mtime };
        },
        async readDirectory({ path }) {
          const { children } = await stat(path);
          return children.map(({ name, isFolder }) => [name, isFolder ? FileType.Directory : FileType.File]);
        },
        async readFile({ path }) {
          const response = await fetch(`${origin}/file${path}`);
          if (!response.ok) throw FileSystemError.FileNotFound(path);
          return new Uint8Array(await response.arrayBuffer());
        },
        async writeFile(uri, body) {
          const isThere = (await fetch(`${origin}/stat${uri.path}`)).ok;
          await fetch(`${origin}/file${uri.path}`, { method: 'PUT', body });
          changed.fire([{ type: isThere ? FileChangeType.Changed : FileChangeType.Created, uri }]);
        },
        // A folder comes with the first file in it.
        createDirectory() {},
        delete() {},
        rename() {},
      },
      { isCaseSensitive: true },
    ),
  );
};
