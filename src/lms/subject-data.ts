import type { Db, Storage } from '../storage/index.js';
import { accountsOf, deleteAccountsOf } from './account-store.js';
import { forgetTokens } from './token-store.js';

/** What this room keeps of a person: who they are in which LMS. For export, erasure and retention alike. */
export interface LmsData {
  name: string;
  export(db: Db, userId: string): Promise<unknown>;
  erase(tx: Db, userId: string): Promise<Record<string, number>>;
  expire(now: number, limit: number): Promise<number>;
}

export function lmsData({ db }: Pick<Storage, 'db'>): LmsData {
  return {
    name: 'lms',
    export: async (at, userId) => ({ accounts: await accountsOf(at, userId) }),
    erase: async (tx, userId) => ({ lms_accounts: await deleteAccountsOf(tx, userId) }),
    expire: (now, limit) => forgetTokens(db, now, limit),
  };
}
