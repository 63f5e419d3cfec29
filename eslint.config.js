import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { arrowRules } from './scripts/arrows.mjs';

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
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    settings: { 'import-x/extensions': ['.ts'], 'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] } },
    rules: { 'import-x/no-cycle': 'error' },
  },
  ...arrowRules,
);
