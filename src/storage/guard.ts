import { AsyncLocalStorage } from 'node:async_hooks';

interface OpenTransaction {
  open: boolean;
}

const current = new AsyncLocalStorage<OpenTransaction>();

/** Runs `work` as the inside of a transaction, for `assertOutside` to notice. */
export async function insideTransaction<T>(work: () => Promise<T>): Promise<T> {
  const transaction: OpenTransaction = { open: true };
  try {
    // awaited inside: a knex query runs when it is awaited, not when it is returned.
    return await current.run(transaction, async () => await work());
  } finally {
    // Work left behind by the transaction (a timer, a queue) inherits the context, not its openness.
    transaction.open = false;
  }
}

/**
 * Throws when the caller's own transaction is open. A query beside it would wait for ever on SQLite, which has
 * one connection, and on MariaDB would silently not belong to the transaction.
 */
export function assertOutside(): void {
  if (current.getStore()?.open) {
    throw new Error('A query beside the open transaction: pass the transaction down as the first argument.');
  }
}
