import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { createLog } from '../../src/telemetry/index.js';

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLog('info', { write: (line) => void lines.push(line) }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}

test('a line is JSON with a time in UTC, and keeps what its child says of the request', () => {
  const line = logged((log) => log.child({ requestId: 'r-1' }).info({ status: 200 }, 'request'));
  expect(line).toMatchObject({ requestId: 'r-1', status: 200, msg: 'request' });
  expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test.each(['authorization', 'password', 'refreshToken', 'image', 'template', 'databaseUrl'])(
  '%s is not told, however deep it lies',
  (key) => {
    const secret = 'do not tell';
    const line = logged((log) =>
      log.info({ [key]: secret, request: { [key]: secret, body: { [key]: secret } } }, 'request'),
    );
    expect(JSON.stringify(line)).not.toContain(secret);
    expect(line[key]).toBe('[redacted]');
  },
);

test('headers that a library hangs on an error are not told', () => {
  const error = Object.assign(new Error('failed'), { headers: { authorization: 'Bearer abc' } });
  expect(JSON.stringify(logged((log) => log.error({ err: error }, 'failed')))).not.toContain('Bearer abc');
});

test('the last lines before an end are there, however busy the threads are that write files', () => {
  const source = path.resolve(__dirname, '../../src/telemetry/log.ts');
  const program = `const log = require(${JSON.stringify(source)}).createLog('info');
    for (let n = 0; n < 4; n++) require('node:crypto').pbkdf2('', '', 1e6, 64, 'sha512', () => undefined);
    for (let n = 1; n <= 3; n++) log.info({ n }, 'line');
    process.exit(3);`;
  const { stdout, status } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', program]);
  const lines = stdout.toString().trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual([1, 2, 3]);
  expect(status).toBe(3);
});
