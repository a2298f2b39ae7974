import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist',
      'node_modules',
      'src/grpc/gen',
      'models/build',
      'data',
      'examples/typescript/gen',
      'bench/node_modules',
      'moodle-plugin/amd/build',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['scripts/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', fetch: 'readonly' } },
  },
  {
    // Moodle's module format, in the browser.
    files: ['moodle-plugin/amd/src/*.js'],
    languageOptions: {
      globals: { define: 'readonly', M: 'readonly', window: 'readonly', document: 'readonly' },
    },
  },
  {
    files: ['test/support/in-page/*.js'],
    languageOptions: {
      globals: {
        ...{
          window: 'readonly',
          document: 'readonly',
          navigator: 'readonly',
          MessageEvent: 'readonly',
          EventTarget: 'readonly',
        },
        ...{ createImageBitmap: 'readonly', Blob: 'readonly', OffscreenCanvas: 'readonly' },
        MessageChannel: 'readonly',
        ...{
          DOMException: 'readonly',
          Worker: 'readonly',
          atob: 'readonly',
          Image: 'readonly',
          setInterval: 'readonly',
        },
      },
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        module: 'writable',
        require: 'readonly',
        process: 'readonly',
        __dirname: 'readonly',
        console: 'readonly',
      },
    },
  },
);
