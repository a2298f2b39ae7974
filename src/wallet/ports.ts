/** What the wallet needs of others, none of whom it knows. `src/app.ts` joins them. */
import type { Db } from '../storage/index.js';

/** Reaches phones. */
export interface Push {
  /**
   * Asks the phone to open the wallet. What it says is the same for everybody.
   * @returns a ticket, whose receipt tells later whether the message arrived; GONE where the phone has no wallet now
   * @throws Error where the message cannot be sent
   */
  send(pushToken: string): Promise<{ ticket: string } | 'GONE'>;
  /** Receipts of tickets, of those that are in. */
  receipts(tickets: readonly string[]): Promise<ReadonlyMap<string, 'DELIVERED' | 'GONE' | 'FAILED'>>;
}

/** When a student's exams are over. */
export interface ExamsAhead {
  /** The latest end of those that are on or begin by `until`; null for none. All times in UTC milliseconds. */
  lastEnd(db: Db, userId: string, now: number, until: number): Promise<number | null>;
}
