import pino from 'pino';
import type { Storage } from '../../src/storage/index.js';
import { createWalletRoom, type Push, type WalletRoom } from '../../src/wallet/index.js';
import { addUser, createWorld, type World } from '../biometrics/services/world.js';

export const TOKEN = 'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]';
export const OTHER_TOKEN = 'ExponentPushToken[yyyyyyyyyyyyyyyyyyyyyy]';
export const LOAN_HOURS = 6;

/** A push service that a test reads and scripts. */
export class ScriptedPush implements Push {
  sent: string[] = [];
  answer: 'OK' | 'GONE' | 'BROKEN' = 'OK';
  receipt: 'DELIVERED' | 'GONE' | null = 'DELIVERED';

  send(pushToken: string): Promise<{ ticket: string } | 'GONE'> {
    if (this.answer === 'BROKEN') return Promise.reject(new Error('no way out'));
    this.sent.push(pushToken);
    return Promise.resolve(this.answer === 'GONE' ? 'GONE' : { ticket: `ticket-${this.sent.length}` });
  }

  receipts(tickets: readonly string[]): ReturnType<Push['receipts']> {
    const { receipt } = this;
    return Promise.resolve(new Map(receipt === null ? [] : tickets.map((ticket) => [ticket, receipt])));
  }
}

/** The wallet over the biometrics of a test, with everything around it under the test's control. */
export interface WalletWorld extends World {
  room: WalletRoom;
  push: ScriptedPush;
  /** End of the exams that are near, by user. */
  examsEnd: Map<string, number>;
  /** Another node of the same installation. */
  node(push: Push | null): WalletRoom;
  runJob(name: string): Promise<void>;
}

export function createWalletWorld(storage: Storage): WalletWorld {
  const world = createWorld(storage);
  const push = new ScriptedPush();
  const examsEnd = new Map<string, number>();
  const log = pino({ level: 'silent' });
  const node = (by: Push | null): WalletRoom =>
    createWalletRoom({
      storage,
      audit: world.audit,
      custodian: world.biometrics.custodian,
      consent: world.consent,
      sitting: { isSitting: (_db, userId) => Promise.resolve(world.sitting.has(userId)) },
      directory: world.directory,
      examsAhead: { lastEnd: (_db, userId) => Promise.resolve(examsEnd.get(userId) ?? null) },
      push: by,
      clock: world.clock,
      log,
      options: { loanHours: LOAN_HOURS },
    });
  const room = node(push);
  return {
    ...world,
    room,
    push,
    examsEnd,
    node,
    async runJob(name) {
      const job = room.jobs.find((each) => each.name === name)!;
      const signal = new AbortController().signal;
      await job.run({ signal, log, ticket: 1, fence: () => Promise.resolve() });
    },
  };
}

export { addUser };
