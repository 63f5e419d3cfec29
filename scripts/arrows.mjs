import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Who may know whom (docs/architecture.md): each room, and the rooms whose files it may import besides its own. What is
 * imported is resolved, so that it does not matter how it is written.
 */
export const rooms = {
  'core/limits': [],
  'core/text': [],
  'core/problems': [],
  'core/hdf5': [],
  'core/http': [],
  'core/units': ['core/limits'],
  'core/files': ['core/limits', 'core/text', 'core/problems'],
  'core/packages': ['core/limits', 'core/text', 'core/problems', 'core/files'],
  'core/nexus': ['core/limits', 'core/text', 'core/problems', 'core/files', 'core/hdf5'],
  'core/scicat': ['core/limits', 'core/text', 'core/problems'],
  'core/imsc/values': ['core/limits', 'core/text', 'core/problems'],
  'core/imsc/tree': ['core/text', 'core/problems', 'core/imsc/values'],
  'core/imsc/language': ['core/limits', 'core/text', 'core/units', 'core/problems', 'core/imsc/values'],
  'core/imsc/edits': ['core/text', 'core/problems', 'core/imsc/values', 'core/imsc/tree'],
  'core/imsc/schema': [
    'core/limits',
    'core/text',
    'core/problems',
    'core/imsc/values',
    'core/imsc/tree',
    'core/imsc/language',
    'core/imsc/edits',
  ],
  'core/imsc/evaluation': [
    'core/limits',
    'core/text',
    'core/problems',
    'core/imsc/values',
    'core/imsc/tree',
    'core/imsc/language',
    'core/imsc/schema',
  ],
  'core/imsc/checks': ['core/text', 'core/units', 'core/problems', 'core/imsc'],
  'core/imsc/translation': ['core/text', 'core/problems', 'core/imsc'],
  'core/config': [
    'core/limits',
    'core/text',
    'core/problems',
    'core/files',
    'core/scicat',
    'core/imsc/tree',
    'core/imsc/language',
  ],
  'core/ingest': [
    'core/limits',
    'core/text',
    'core/units',
    'core/problems',
    'core/files',
    'core/nexus',
    'core/scicat',
    'core/imsc',
    'core/config',
  ],
  'core/jobs': [
    'core/limits',
    'core/text',
    'core/problems',
    'core/files',
    'core/packages',
    'core/scicat',
    'core/imsc',
    'core/config',
    'core/ingest',
  ],
  gateway: [
    'core/limits',
    'core/text',
    'core/problems',
    'core/files',
    'core/http',
    'core/packages',
    'core/scicat',
    'core/imsc',
    'core/config',
    'core/ingest/schemas',
    'core/ingest/sources/connect.ts',
    'core/jobs',
    'core/ingest/plan/besideData.ts',
    // Whether a file is still being written.
    'core/nexus/beingWritten.ts',
  ],
  sandbox: ['core/limits', 'core/text', 'core/units', 'core/http', 'core/scicat'],
  server: [
    'core/limits',
    'core/text',
    'core/units',
    'core/problems',
    'core/files',
    // What the bytes of a file that lies in a browser are asked through.
    'core/hdf5/blocks.ts',
    'core/nexus',
    'core/scicat',
    'core/imsc',
    'core/config',
    'core/ingest',
    // The options of the service, for the language of their file.
    'gateway/settings',
  ],
  // The client speaks with the server and with the program, and knows nothing else of them.
  client: ['core/text/shortened.ts', 'core/text/hiddenCharacters.ts', 'server/protocol.ts'],
  cli: ['core', 'gateway', 'sandbox', 'server/main.ts', 'package.json'],
};

/** Rooms that are private but for these files, whoever may know them. */
export const faces = {
  'core/jobs': [
    'core/jobs/jobs.ts', // all that others do with jobs
    'core/jobs/queue.ts', // carries out those that wait
    'core/jobs/runJob.ts', // one ingestion, by who asks for it
    'core/jobs/update.ts', // datasets that are there, brought to what files and schemas say now
    'core/jobs/resuming/interrupted.ts', // what was begun so, and interrupted
    'core/jobs/dryRun.ts', // what would come of one
    'core/jobs/report/report.ts', // how what came of one is told
    'core/jobs/store/openStore.ts', // where they are kept, as somebody says
    'core/jobs/lifecycle.ts', // the states, which ways in describe and draw
  ],
};

/**
 * Rooms that also run in a browser. Of Node they know `node:path` alone, which a package stands in for there; a file that
 * needs more has a half for browsers beside it, `x.browser.ts` (docs/architecture.md).
 */
export const browserRooms = [
  'core/limits',
  'core/text',
  'core/units',
  'core/problems',
  'core/hdf5',
  'core/imsc',
  'server',
];
const ofNode = {
  group: ['node:*', '!node:path'],
  message: 'This also runs in a browser: what needs Node has a half beside it, x.browser.ts (docs/architecture.md).',
};
const filesWithHalves = (room) =>
  existsSync(join(root, room))
    ? readdirSync(join(root, room), { recursive: true })
        .map((name) => `${room}/${name}`.replaceAll('\\', '/'))
        .filter((file) => file.endsWith('.browser.ts'))
        .map((file) => file.replace('.browser.ts', '.ts'))
    : [];

/** Packages that only some rooms may import. */
const editorPackages = ['vscode', 'vscode-languageserver', 'vscode-languageserver/*', 'vscode-languageclient/*'];
const forbiddenPackages = (room) => {
  if (room === 'client') return [];
  if (room === 'server' || room === 'cli') return [{ group: ['vscode'], message: 'Only client/ runs inside VS Code.' }];
  return [{ group: editorPackages, message: `${room} knows no editor.` }];
};

const arrows = Object.entries(rooms).map(([room, known]) => ({
  files: [`${room}/**/*.ts`],
  rules: {
    'import-x/no-restricted-paths': [
      'error',
      {
        basePath: root,
        zones: [
          {
            target: `./${room}`,
            from: '.',
            except: [room, ...known, 'node_modules'].map((allowed) => `./${allowed}`),
            message: `${room} may not know this room (docs/architecture.md, “Who may know whom”).`,
          },
          ...Object.entries(faces)
            .filter(([other]) => other !== room)
            .map(([other, shown]) => ({
              target: `./${room}`,
              from: `./${other}`,
              except: shown.map((file) => file.replace(other, '.')),
              message: `Of ${other} only its faces are for others (scripts/arrows.mjs).`,
            })),
        ],
      },
    ],
    'no-restricted-imports': ['error', { patterns: forbiddenPackages(room) }],
  },
}));

/** The rules of the linter that hold the rooms to that. */
export const arrowRules = [
  ...arrows,
  ...browserRooms.map((room) => ({
    files: [`${room}/**/*.ts`],
    ignores: filesWithHalves(room),
    rules: { 'no-restricted-imports': ['error', { patterns: [...forbiddenPackages(room), ofNode] }] },
  })),
];
