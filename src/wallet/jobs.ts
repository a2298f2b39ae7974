import type { Job } from '../jobs/index.js';
import type { Phones } from './phones.js';
import type { Wallet } from './wallet.js';

const LEASE_MS = 60_000;
const BATCH = 100;
/** Expo has most receipts by then. */
const RECEIPT_AFTER_MS = 15 * 60_000;

/** Ends loans whose time is over: the server's copy goes. */
export function loanJob(wallet: Wallet): Job {
  return {
    name: 'wallet-loans',
    cron: '* * * * *',
    leaseMs: LEASE_MS,
    async run({ signal, log }) {
      let total = 0;
      let ended = BATCH;
      while (ended >= BATCH && !signal.aborted) {
        ended = await wallet.endLoans(BATCH);
        total += ended;
      }
      if (total > 0) log.info({ total }, 'loans of templates looked at');
    },
  };
}

/** Reads the receipts of pushes. Those that are not in are asked for again, until retention deletes their tickets. */
export function receiptJob(phones: Phones, clock: { now(): number }): Job {
  return {
    name: 'wallet-receipts',
    cron: '*/10 * * * *',
    leaseMs: LEASE_MS,
    async run({ log }) {
      const read = await phones.readReceipts(clock.now() - RECEIPT_AFTER_MS, BATCH);
      if (read > 0) log.info({ read }, 'receipts of pushes read');
    },
  };
}
