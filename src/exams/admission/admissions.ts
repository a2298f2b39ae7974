import { emit } from '../../events/index.js';
import type { Db } from '../../storage/index.js';
import { again } from '../again.js';
import { appendExamEvent } from '../exam-event-store.js';
import { examById } from '../exam-store.js';
import type { Exam } from '../exam.js';
import type { ExamsDependencies } from '../exams.js';
import { admissionsDue, saveAdmission, setDue, storedAdmission } from './admission-store.js';
import { admissionAt, type Admission } from './admission.js';
import { standingsOf, type Standing } from './standings.js';

/** An admission as it is told. */
export interface ToldAdmission extends Admission {
  /** Grows with every change: what has a lower one is out of date. 0 for what was never told. */
  revision: number;
  facts: Standing['facts'];
}

/** A change of an admission, for those who pass it on. */
export interface AdmissionChange extends Pick<Admission, 'admitted' | 'state' | 'reason'> {
  organisationId: string;
  examId: string;
  userId: string;
  revision: number;
  /** UTC milliseconds. */
  at: number;
}

/** Everyone's admission: computed whenever it is asked for, told whenever it changes. */
export interface Admissions {
  /** As it is now. What time alone has changed is told by it. */
  of(exam: Exam, userId: string): Promise<ToldAdmission>;
  /** The same of each of several. What it goes by is read now, in as many queries as of one. */
  among(exam: Exam, userIds: readonly string[]): Promise<(userId: string) => Promise<ToldAdmission>>;
  /**
   * Tells of it where it has changed, in the transaction that changed it.
   * @throws StatusError VERSION_CONFLICT
   */
  refresh(tx: Db, exam: Exam | string, userId: string): Promise<ToldAdmission>;
  /** Looks at those that time may have changed; how many changed. */
  sweep(signal: AbortSignal): Promise<number>;
}

const BATCH = 500;

export function createAdmissions({
  storage,
  clock,
  admissionChanged,
}: Pick<ExamsDependencies, 'storage' | 'clock' | 'admissionChanged'>): Admissions {
  const refresh: Admissions['refresh'] = async (tx, given, userId) => {
    const now = clock.now();
    const exam = typeof given === 'string' ? await examById(tx, given) : given;
    if (!exam) throw new Error('An exam whose students are admitted is gone.');
    const { id: examId, organisationId } = exam;
    const { facts, stored, over } = (await standingsOf(tx, exam, [userId], now))(userId);
    const fresh = admissionAt(facts, now);
    if (stored && over) {
      if (stored.dueAt !== null) await setDue(tx, examId, userId, null);
      return { ...fresh, ...stored, facts };
    }
    const before = stored ?? { ...NEVER_TOLD, revision: 0 };
    const { admitted, state, reason, dueAt } = fresh;
    if (before.admitted === admitted && before.state === state && before.reason === reason) {
      if (stored && stored.dueAt !== dueAt) await setDue(tx, examId, userId, dueAt);
      return { ...fresh, revision: before.revision, facts };
    }
    const revision = await saveAdmission(
      tx,
      { examId, userId },
      { ...fresh, revision: before.revision },
      now,
    );
    const change = { organisationId, examId, userId, admitted, state, reason, revision, at: now };
    await emit(tx, {
      ...{ organisationId, topic: 'admission.changed', key: examId, at: now },
      payload: { target: `exam/${examId}`, user: userId, admitted, state, reason, revision },
    });
    await admissionChanged(tx, change);
    return { ...fresh, revision, facts };
  };

  /** As `refresh`, where nothing else says that something changed. */
  async function noticed(tx: Db, exam: Exam | string, userId: string): Promise<ToldAdmission> {
    const examId = typeof exam === 'string' ? exam : exam.id;
    const before = await storedAdmission(tx, examId, userId);
    const after = await refresh(tx, exam, userId);
    if (after.revision !== (before?.revision ?? 0)) {
      await appendExamEvent(tx, { examId, kind: 'ADMISSION', userId, at: clock.now() });
    }
    return after;
  }

  const among: Admissions['among'] = async (exam, userIds) => {
    const now = clock.now();
    const standing = await standingsOf(storage.db, exam, userIds, now);
    return async (userId) => {
      const { facts, stored, over } = standing(userId);
      const fresh = admissionAt(facts, now);
      if (stored && over) return { ...fresh, ...stored, facts };
      const told = stored ?? NEVER_TOLD;
      const same =
        told.admitted === fresh.admitted && told.state === fresh.state && told.reason === fresh.reason;
      if (same) return { ...fresh, revision: stored?.revision ?? 0, facts };
      return again(() => storage.transaction((tx) => noticed(tx, exam, userId)));
    };
  };

  return {
    refresh,

    among,

    of: async (exam, userId) => (await among(exam, [userId]))(userId),

    async sweep(signal) {
      let changed = 0;
      for (const { examId, userId } of await admissionsDue(storage.db, clock.now(), BATCH)) {
        if (signal.aborted) break;
        const before = await storedAdmission(storage.db, examId, userId);
        const after = await again(() => storage.transaction((tx) => noticed(tx, examId, userId)));
        if (before?.revision !== after.revision) changed++;
      }
      return changed;
    },
  };
}

/** Of whom nothing is known. */
const NEVER_TOLD = { admitted: false, state: 'NOT_IDENTIFIED', reason: 'NOT_YET' } as const;
