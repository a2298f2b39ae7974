/** A process that commits rows and prints each acknowledged id, until it is killed. Run by durability.test.ts. */
import pino from 'pino';
import { openStorage } from '../../src/storage/index.js';

async function main([databaseUrl, dataDir, from]: string[]): Promise<void> {
  const storage = await openStorage({ databaseUrl, dataDir: dataDir!, log: pino({ level: 'silent' }) });
  await storage.migrate();
  for (let n = Number(from); ; n++) {
    await storage.transaction(async (tx) => {
      // Two rows: a half of it after the crash would be a torn transaction.
      const row = { holder: 'x'.repeat(100), ticket: 0, slot: 0, expires_at: 0 };
      await tx('leases').insert({ ...row, name: `${n}.a` });
      await tx('leases').insert({ ...row, name: `${n}.b` });
    });
    process.stdout.write(`${n}\n`);
  }
}

void main(process.argv.slice(2));
