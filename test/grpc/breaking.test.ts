import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(__dirname, '../..');
const BUF = path.join(ROOT, 'node_modules/.bin/buf');
const BASELINE = path.join(ROOT, 'proto/baseline.binpb');

const run = promisify(execFile);

/**
 * What `buf breaking` says of these protos against the committed baseline; nothing is broken when empty. The
 * workspace has two modules and the baseline is one image, so the input is made one as well.
 */
async function breaking(protos: string): Promise<string> {
  const image = path.join(protos, 'current.binpb');
  await run(BUF, ['build', '-o', image], { cwd: protos });
  try {
    await run(BUF, ['breaking', image, '--against', BASELINE], { cwd: protos });
    return '';
  } catch (failure) {
    const { stdout, stderr } = failure as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

describe('the contract, against the committed baseline', () => {
  let copy: string;
  beforeEach(async () => {
    copy = await mkdtemp(path.join(tmpdir(), 'probity-proto-'));
    await cp(path.join(ROOT, 'proto'), copy, { recursive: true });
  });
  afterEach(() => rm(copy, { recursive: true }));

  const edit = async (file: string, from: RegExp, to: string): Promise<void> => {
    const before = await readFile(path.join(copy, file), 'utf8');
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    await writeFile(path.join(copy, file), after);
  };

  test('breaks nothing', async () => {
    expect(await breaking(copy)).toBe('');
  });

  test('would not pass with a field removed', async () => {
    await edit('probity/exams/v1/monitor_service.proto', /.*uint32 next_frame = 2;\n/, '');
    expect(await breaking(copy)).toMatch(
      /field "2" with name "next_frame" on message "MonitorOpened" was deleted/,
    );
  });

  test('would not pass with a field of another type, or an rpc renamed', async () => {
    await edit('probity/exams/v1/monitor_service.proto', /uint32 next_frame = 2;/, 'string next_frame = 2;');
    await edit('probity/identity/v1/user_service.proto', /rpc GetUser\(/, 'rpc FetchUser(');
    const said = await breaking(copy);
    expect(said).toMatch(/next_frame.* changed type/);
    expect(said).toMatch(/RPC "GetUser" on service "UserService" was deleted/);
  });

  test('would pass with a field added', async () => {
    await edit(
      'probity/exams/v1/monitor_service.proto',
      /uint32 next_frame = 2;/,
      '$&\n    // New.\n    uint32 added = 99;',
    );
    expect(await breaking(copy)).toBe('');
  });
});
