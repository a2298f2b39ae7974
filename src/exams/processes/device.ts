import { randomUUID } from 'node:crypto';
import { again } from '../again.js';
import { followAll, type AlertChange, type Condition } from '../alerts/alert.js';
import { insertClaim } from '../alerts/claim-store.js';
import { writeAlerts } from '../alerts/raise.js';
import { requireNotOver, stateAt, type Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { journal } from '../journal.js';
import type { Notifier } from '../notifier.js';
import { appendEvent } from '../watching/event-store.js';
import { openSession, saveSession } from '../watching/session-store.js';
import { policyInForce } from './policy-in-force.js';
import { checkProcesses, operatingSystemOf } from './process-policy.js';

/** What a client says of itself and of its machine. */
export interface DeviceReport {
  /** Names of what runs; null when it does not say. */
  processes: readonly string[] | null;
  operatingSystem: string;
  /** Its own verdicts and scores, by name. */
  claims: Readonly<Record<string, string>>;
}

export interface ReportedDevice {
  forbidden: string[];
  /** The open session and what became of its alert; null while the student has not joined. */
  session: { id: string; change: AlertChange | null } | null;
}

/** Under which a report is kept among the claims. */
const CLAIM_SUBJECT = 'device';
/** Programs that are kept of one report, and that a reason names. */
const MOST_KEPT = 50;
const MOST_NAMED = 10;
/** Longer than names are; a client may send a whole path. */
const NAME_MAX = 100;

/**
 * Keeps a report as a claim, and follows the forbidden programs in it while the student sits the exam. Names of
 * programs that are allowed are not kept: what else somebody runs is nobody's business.
 * @param from who reports; the address is the socket's, kept beside what the client says of its own
 * @throws StatusError EXAM_STATE when the exam is over
 */
export async function reportDevice(
  parts: Pick<ExamsParts, 'storage' | 'audit' | 'admissions' | 'clock'>,
  notifier: Notifier,
  exam: Exam,
  from: { userId: string; address: string },
  { processes, operatingSystem, claims }: DeviceReport,
): Promise<ReportedDevice> {
  const { storage, audit, clock } = parts;
  const { db } = storage;
  const { userId, address } = from;
  const { organisationId, id: examId } = exam;
  const { policy } = await policyInForce(db, { organisationId, examId });
  const forbidden = checkProcesses(processes ?? [], operatingSystemOf(operatingSystem), policy);
  const kept = forbidden.slice(0, MOST_KEPT).map((name) => name.slice(-NAME_MAX));
  const value = JSON.stringify({
    claims,
    address,
    ...(processes && { processes: processes.length, forbidden: kept }),
  });
  const session = await again(async () => {
    const at = clock.now();
    requireNotOver(exam, at);
    const sitting = stateAt(exam, at) === 'STARTED' ? await openSession(db, examId, userId) : undefined;
    const step =
      sitting && processes ? followAll(sitting.watch.episodes, [condition(kept)], at, randomUUID) : null;
    const change = step?.changes[0] ?? null;
    await storage.transaction(async (tx) => {
      await insertClaim(tx, { examId, userId, subject: CLAIM_SUBJECT, value, at });
      await journal(tx, audit, {
        ...{ organisationId, actor: userId, subject: userId, action: 'claim.recorded' },
        ...{ target: `exam/${examId}`, details: { about: CLAIM_SUBJECT }, at, tell: null },
      });
      if (!sitting || !step || !change) return;
      // A stream is told of the event when it begins and when it ends.
      const told = change.change !== 'CONTINUED';
      const number = sitting.lastEvent + 1;
      await saveSession(tx, {
        ...sitting,
        ...(told && { lastEvent: number }),
        watch: { ...sitting.watch, episodes: step.episodes },
      });
      if (told) await appendEvent(tx, sitting.id, { number, kind: 'ALERT', alert: change.alert, at });
      await writeAlerts(tx, parts, sitting, [change], null, at);
    });
    return sitting ? { id: sitting.id, change } : null;
  });
  if (session?.change) {
    notifier.notify(session.id);
    notifier.notify(examId);
  }
  return { forbidden, session };
}

/** One report is enough: a list of programs says what it says. */
function condition(forbidden: readonly string[]): Condition {
  return {
    type: 'FORBIDDEN_PROCESS',
    sight: forbidden.length > 0 ? 'SEEN' : 'CLEAR',
    opens: () => true,
    cause: () => ({ reason: reasonOf(forbidden), score: null, threshold: null, modelId: null }),
  };
}

function reasonOf(forbidden: readonly string[]): string {
  const named = forbidden.slice(0, MOST_NAMED).join(', ');
  const more = forbidden.length > MOST_NAMED ? ` and ${forbidden.length - MOST_NAMED} more` : '';
  return `The client says that a program runs which this exam forbids: ${named}${more}.`;
}
