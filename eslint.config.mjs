// @ts-check
import eslint from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { importRules, importSettings } from './tools/importRules.mjs';

const TESTS = ['**/*.test.ts', '**/*.test.tsx', 'e2e/**/*.ts', 'parity/*.spec.ts'];
const SCRIPTS = ['**/*.mjs', '**/*.cjs'];

export default defineConfig(
  globalIgnores(['dist/', 'test-results/', 'playwright-report/', 'public/', '.ci/']),
  eslint.configs.recommended,
  // The rules that need types are in .oxlintrc.json: oxlint checks them in a tenth of the time.
  tseslint.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { boundaries },
    settings: importSettings(import.meta.dirname),
    rules: {
      ...importRules,
      eqeqeq: 'error',
      'max-lines': ['error', { max: 320, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/{document,stores,commands,components,app}/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    files: TESTS,
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'max-lines': 'off' },
  },
  {
    files: SCRIPTS,
    languageOptions: { globals: globals.node },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
