// Runs every check and every suite, all of them even when one fails, and ends with one line over all:
// `N passed, N failed`. A check (types, lint, …) counts as one; a jest test counts as one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CHECKS = {
  types: 'npm run --silent typecheck',
  lint: 'npm run --silent lint',
  rooms: 'npm run --silent lint:rooms',
  format: 'npm run --silent lint:format',
  protos: 'npm run --silent lint:proto',
  'proto compatibility': 'npm run --silent lint:proto-breaking',
};

let passed = 0;
let failed = 0;
let skipped = 0;

for (const [name, command] of Object.entries(CHECKS)) {
  const started = Date.now();
  const ok = spawnSync(command, { shell: true, stdio: 'inherit' }).status === 0;
  if (ok) passed += 1;
  else failed += 1;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

const report = path.join(mkdtempSync(path.join(tmpdir(), 'probity-test-')), 'jest.json');
spawnSync('npx', ['jest', '--json', `--outputFile=${report}`, ...process.argv.slice(2)], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  skipped += result.numPendingTests + result.numTodoTests;
} catch (error) {
  console.error(`jest left no report: ${error.message}`);
  failed += 1;
}

if (skipped > 0) console.log(`(${skipped} skipped: they need data that is not here)`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
