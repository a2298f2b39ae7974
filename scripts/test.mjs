// Runs every check and every suite, all of them even when one fails, and ends with one line over all:
// `N passed, N failed`. A check (types, lint, …) counts as one; a jest test counts as one.
import { spawn, spawnSync } from 'node:child_process';
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

/** Runs a check; what it says is printed when it ends, for others run beside it. */
async function check([name, command]) {
  const started = Date.now();
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => said.push(text));
  const ok = await new Promise((resolve) => child.on('close', (status) => resolve(status === 0)));
  if (ok) passed += 1;
  else failed += 1;
  process.stdout.write(said.join(''));
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}
await Promise.all(Object.entries(CHECKS).map(check));

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
