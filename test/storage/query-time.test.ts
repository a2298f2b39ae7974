import { databases } from '../support/databases.js';

describe.each(databases)('the time of statements on $name', ({ open }) => {
  it('is told of each one, of BEGIN and COMMIT too, and of those that fail', async () => {
    const told: number[] = [];
    const storage = await open(undefined, { onQuery: (seconds) => told.push(seconds) });
    told.length = 0;

    await storage.db.select(storage.db.raw('1'));
    expect(told).toHaveLength(1);
    await storage.transaction(async (tx) => tx.select(tx.raw('2')));
    expect(told).toHaveLength(4);
    await expect(storage.db('no_such_table').select()).rejects.toThrow();
    expect(told).toHaveLength(5);
    for (const seconds of told) expect(seconds).toBeGreaterThan(0);
    expect(Math.max(...told)).toBeLessThan(60);
  });
});
