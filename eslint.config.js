import tseslint from 'typescript-eslint';

/** Which part of the project may import which: the arrows of docs/architecture.md. */
const arrows = {
  'core/hdf5': ['core/imsc', 'core/nexus', 'core/scicat', 'core/ingest', 'server', 'client', 'cli'],
  'core/imsc': ['core/nexus', 'core/scicat', 'core/ingest', 'server', 'client', 'cli'],
  'core/nexus': ['core/imsc', 'core/scicat', 'core/ingest', 'server', 'client', 'cli'],
  'core/scicat': ['core/imsc', 'core/nexus', 'core/ingest', 'server', 'client', 'cli'],
  'core/ingest': ['server', 'client', 'cli'],
  server: ['client', 'cli'],
  client: ['core', 'cli', 'server'],
  cli: ['client'],
};

const editorPackages = ['vscode', 'vscode-languageserver', 'vscode-languageserver/*', 'vscode-languageclient/*'];

const arrowRules = Object.entries(arrows).map(([folder, forbidden]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            // The client may know the protocol that it speaks with the server, and nothing else of it.
            group: forbidden.flatMap((other) =>
              folder === 'client' && other === 'server'
                ? ['**/server/**', '!**/server/protocol.ts']
                : [`**/${other}/**`],
            ),
            message: `${folder} may not import this (docs/architecture.md, "Who may know whom").`,
          },
          ...(folder.startsWith('core')
            ? [{ group: editorPackages, message: 'core knows no editor.' }]
            : folder === 'server' || folder === 'cli'
              ? [{ group: ['vscode'], message: 'Only client/ runs inside VS Code.' }]
              : []),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/', '.cache/', 'node_modules/', '**/*.js', '**/*.mjs', '!eslint.config.js'] },
  { files: ['**/*.ts'], extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked] },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers and booleans print as one would expect inside messages.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
    },
  },
  {
    // Test doubles and recorded JSON are narrowed by hand where the assertion itself is the check.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // Texts of others could hold links that run commands; client/dialogs.ts breaks them up.
    files: ['client/**/*.ts'],
    ignores: ['client/dialogs.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          "MemberExpression[object.name='window'][property.name=/^(?:show(?:\\w+Message|QuickPick|InputBox|WorkspaceFolderPick)|withProgress|setStatusBarMessage|create(?:QuickPick|InputBox))$/]",
          "VariableDeclarator[init.name='window'] > ObjectPattern",
          "NewExpression[callee.name='MarkdownString']",
        ].map((selector) => ({ selector, message: 'What is shown to a person goes through client/dialogs.ts.' })),
      ],
    },
  },
  ...arrowRules,
);
