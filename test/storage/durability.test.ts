import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { databases, type Place } from '../support/databases.js';

/** Starts a writer, kills it with SIGKILL after `commits` acknowledgements, and returns all it acknowledged. */
async function writeAndKill(place: Place, from: number, commits: number): Promise<number[]> {
  const script = join(__dirname, '../support/committer.ts');
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', script, place.databaseUrl, place.dataDir, String(from)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === commits) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return acknowledged;
}

describe.each(databases)('kill -9 on $name', ({ place, open }) => {
  it('loses nothing that was acknowledged, and leaves no half of anything', async () => {
    const at = await place();
    const acknowledged: number[] = [];
    for (const commits of [1, 100]) {
      acknowledged.push(...(await writeAndKill(at, 10_000 * commits, commits)));
    }
    const storage = await open(at);
    const names = new Set((await storage.db('leases').pluck('name')) as string[]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(101);
    expect(acknowledged.filter((n) => !names.has(`${String(n)}.a`) || !names.has(`${String(n)}.b`))).toEqual(
      [],
    );
    const halves = [...names].filter(
      (name) => !names.has(name.replace(/[ab]$/, (half) => (half === 'a' ? 'b' : 'a'))),
    );
    expect(halves).toEqual([]);
  });
});
