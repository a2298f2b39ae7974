/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Sources import './x.js' as the compiled code will see it.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  // One MariaDB for the whole run: every store test runs on it too.
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  setupFiles: ['<rootDir>/test/support/property-seed.ts'],
  // Against a test that hangs, for tests and hooks alike; no test is about its own time. The longest takes two minutes.
  testTimeout: 15 * 60_000,
  maxWorkers: 2,
};
