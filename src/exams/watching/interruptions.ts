import { randomUUID } from 'node:crypto';
import { again } from '../again.js';
import type { OpenAlert } from '../alerts/alert.js';
import type { AlertChange } from '../alerts/alert.js';
import { tellAlerts } from '../alerts/raise.js';
import type { ExamsParts } from '../exams.js';
import type { Notifier } from '../notifier.js';
import { interruption, INTERRUPTION_POLICY, lastSign, type Signs } from './interruption.js';
import { saveSession, sessionById, signsOfOpenSessions } from './session-store.js';

/**
 * Looks at the signs of life of every open session, and opens or ends STREAM_INTERRUPTED alerts.
 * @returns how many sessions changed
 */
export async function sweepInterruptions(
  dependencies: Pick<ExamsParts, 'storage' | 'audit' | 'admissions' | 'clock'>,
  notifier: Notifier,
  signal: AbortSignal,
): Promise<number> {
  const { storage, clock } = dependencies;
  const now = clock.now();
  let changed = 0;
  for (const { id, interrupted, ...signs } of await signsOfOpenSessions(storage.db, now)) {
    if (signal.aborted) break;
    const silent = interruption(signs, now, INTERRUPTION_POLICY) !== null;
    if (silent !== interrupted && (await settle(dependencies, notifier, id, signs, now))) changed++;
  }
  return changed;
}

async function settle(
  parts: Pick<ExamsParts, 'storage' | 'audit' | 'admissions'>,
  notifier: Notifier,
  sessionId: string,
  { frameIntervalMs }: Pick<Signs, 'frameIntervalMs'>,
  now: number,
): Promise<boolean> {
  const { storage } = parts;
  const settled = await again(async () => {
    const session = await sessionById(storage.db, sessionId);
    if (!session || session.leftAt !== null) return null;
    // Read again: a frame may have come since the sweep began.
    const change = changeOf(
      session.watch.interruption,
      interruption({ ...session, frameIntervalMs }, now, INTERRUPTION_POLICY),
      { now, sign: lastSign(session) },
    );
    if (!change) return null;
    await storage.transaction(async (tx) => {
      const open = change.change === 'OPENED' ? change.alert : null;
      await saveSession(tx, {
        ...session,
        lastEvent: session.lastEvent + 1,
        watch: { ...session.watch, interruption: open },
      });
      await tellAlerts(tx, parts, session, [change], now);
    });
    return session;
  });
  if (!settled) return false;
  notifier.notify(sessionId);
  notifier.notify(settled.examId);
  return true;
}

/** An interruption ends with a sign of life, not with the sweep that sees it: the next silence may begin in between. */
function changeOf(
  open: OpenAlert | null,
  found: { since: number; reason: string } | null,
  { now, sign }: { now: number; sign: number },
): AlertChange | null {
  if (open && !found) return { change: 'ENDED', alert: { ...open, lastAt: now, endedAt: sign } };
  if (open || !found) return null;
  const alert: OpenAlert = {
    id: randomUUID(),
    type: 'STREAM_INTERRUPTED',
    reason: found.reason,
    score: null,
    threshold: null,
    modelId: null,
    beganAt: found.since,
    lastAt: now,
    endedAt: null,
    occurrences: 1,
    hasEvidence: false,
  };
  return { change: 'OPENED', alert };
}
