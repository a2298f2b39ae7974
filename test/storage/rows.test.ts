import { databases } from '../support/databases.js';
describe.each(databases)('on $name', ({ open }) => {
  it('opens', async () => {
    const s = await open();
    await s.ping();
    expect(await s.pendingMigrations()).toEqual([]);
  });
});
