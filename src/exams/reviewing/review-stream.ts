import type { Context } from '../../call/index.js';
import type { WatchExamResponse } from '../../grpc/gen/probity/exams/v1/review_service.js';
import { examForStaff } from '../access.js';
import { alertsByIds } from '../alerts/alert-store.js';
import { examEventsAfter, lastExamEvent, type ExamEvent } from '../exam-event-store.js';
import { examById } from '../exam-store.js';
import type { Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import type { Notifier } from '../notifier.js';
import { presentAlert } from '../present/alert.js';
import { presentExam } from '../present/exam.js';
import type { ReviewPresenter } from '../present/review.js';
import { Bell } from '../watching/bell.js';
import type { StreamLimit } from './stream-limit.js';
import { studentsInReview } from './students-in-review.js';

/** How often a stream looks for what other nodes committed to its exam. */
const LOOK_MS = 1_000;
/** How often it is asked again whether the exam is still the caller's to review. */
const PROVE_MS = 15_000;
const BATCH = 50;

/**
 * One stream of one exam. What it tells comes from the exam's log of events, in its order, whichever node wrote it: a
 * stream that comes back is told what it missed by the same way as everything else. What an event is about is read when
 * it is told. The next is asked for when the one before was taken: a slow caller holds nothing but their place.
 */
export async function* examStream(
  dependencies: ExamsParts,
  around: { notifier: Notifier; limit: StreamLimit; present: ReviewPresenter },
  wanted: { exam: string; after?: number | undefined },
  ctx: Context,
): AsyncGenerator<WatchExamResponse> {
  const { storage, audit, clock } = dependencies;
  const { db } = storage;
  const { exam, principal } = await examForStaff(db, ctx, wanted.exam);
  const leave = around.limit.take(principal.userId);
  const bell = new Bell();
  const ring = (): void => bell.ring();
  const unsubscribe = around.notifier.subscribe(exam.id, ring);
  ctx.signal.addEventListener('abort', ring, { once: true });
  try {
    await audit.record(db, {
      ...{ organisationId: exam.organisationId, actor: principal.userId, subject: null },
      ...{ action: 'exam.watched', target: `exam/${exam.id}`, details: {} },
    });
    const last = await lastExamEvent(db, exam.id);
    let told = Math.min(wanted.after ?? last, last);
    let provenAt = clock.now();
    yield { number: told, what: { $case: 'opened', value: { after: told } } };
    for (;;) {
      ctx.signal.throwIfAborted();
      if (clock.now() - provenAt >= PROVE_MS) {
        await examForStaff(db, ctx, wanted.exam);
        provenAt = clock.now();
      }
      const events = await examEventsAfter(db, exam.id, told, BATCH);
      yield* await tell(dependencies, around.present, exam.id, events);
      told = events.at(-1)?.number ?? told;
      if (events.length < BATCH) await bell.wait(LOOK_MS);
    }
  } finally {
    ctx.signal.removeEventListener('abort', ring);
    unsubscribe();
    leave();
  }
}

/** Events as responses. One whose alert or student was erased in the meantime has nothing left to tell. */
async function tell(
  dependencies: ExamsParts,
  present: ReviewPresenter,
  examId: string,
  events: readonly ExamEvent[],
): Promise<WatchExamResponse[]> {
  const { storage, clock } = dependencies;
  const { db } = storage;
  const exam = events.length > 0 ? await examById(db, examId) : undefined;
  if (!exam) return [];
  const alerts = await alertsByIds(db, examId, idsOf(events, 'alertId'));
  const found = await studentsInReview(dependencies, db, exam, idsOf(events, 'userId'));
  const students = new Map(found.map((each) => [each.person.id, present.student(exam, each)]));
  return events.flatMap((event) => {
    const what = whatOf(event, exam);
    return what ? [{ number: event.number, what }] : [];
  });

  function whatOf({ kind, userId, alertId }: ExamEvent, of: Exam): WatchExamResponse['what'] {
    if (kind === 'EXAM_CHANGED') return { $case: 'exam', value: presentExam(of, clock.now()) };
    const student = students.get(userId ?? '');
    if (alertId === null) return student && { $case: 'student', value: student };
    const alert = alerts.get(alertId);
    return alert && { $case: 'alert', value: { alert: presentAlert(of, alert), student } };
  }
}

function idsOf(events: readonly ExamEvent[], of: 'alertId' | 'userId'): string[] {
  return [...new Set(events.flatMap((event) => event[of] ?? []))];
}
