import { StatusError, validate, type Principal } from '../call/index.js';
import type { CaptureServiceService } from '../grpc/gen/probity/exams/v1/capture_service.js';
import type { Handlers } from '../grpc/index.js';
import { examForStudent } from './access.js';
import { spanOf } from './enrolment-store.js';
import { requireStarted, type Exam } from './exam.js';
import type { ExamsParts } from './exams.js';
import { challengeFrame, passedChallenge, startChallenge } from './identifying/challenging.js';
import { attemptsLeft, standingOf } from './identifying/identification.js';
import { stateAt } from './identifying/verification.js';
import { presentAdmission } from './present/admission.js';
import { presentCapture } from './present/capture.js';
import { presentChallenge } from './present/challenge.js';
import { presentFrame } from './present/monitoring.js';
import { presentVerification } from './present/verification.js';
import * as requests from './requests.js';
import type { FramePath } from './watching/frame.js';
import { recordHeartbeat } from './watching/heartbeat.js';
import { hasOpenSession, openSession, sessionById } from './watching/session-store.js';
import type { Session } from './watching/session.js';

/** CaptureService: what a page needs that captures a student. */
export function captureService(
  dependencies: ExamsParts,
  frames: FramePath,
): Handlers<typeof CaptureServiceService> {
  const { storage, consent, references, admissions, clock } = dependencies;
  const { db } = storage;

  async function consentNeeded(subject: Principal): Promise<boolean> {
    try {
      await consent.require(db, subject, 'FACE', 'EXAM_IDENTITY');
      return false;
    } catch (error) {
      if (error instanceof StatusError && error.reason === 'CONSENT_REQUIRED') return true;
      throw error;
    }
  }

  /** Null also while the student sits an exam: nothing can be enrolled then. */
  async function replaceableUntil(userId: string, now: number): Promise<number | null> {
    const until = await references.replaceableUntil(db, userId, 'FACE');
    return until !== null && (await hasOpenSession(db, userId, now)) ? null : until;
  }

  async function sessionOf(exam: Pick<Exam, 'id'>, { userId }: Principal): Promise<Session> {
    const session = await openSession(db, exam.id, userId);
    if (!session) throw new StatusError('NOT_JOINED', 'The student has not joined this exam.');
    return session;
  }

  return {
    async getCapture(request, ctx) {
      const wanted = validate(requests.examRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, wanted.exam);
      const { userId } = principal;
      const now = clock.now();
      const { verification, check, sessionId } = await standingOf(db, exam, userId);
      const state = stateAt(verification, now, sessionId);
      const session = sessionId === null ? undefined : await openSession(db, exam.id, userId);
      return presentCapture(exam, now, {
        span: await spanOf(db, exam.id, userId),
        consentNeeded: await consentNeeded(principal),
        reference: await references.reference(db, userId, 'FACE'),
        wanted: references.required('FACE'),
        verification: presentVerification(exam, verification, state, attemptsLeft(check, now)),
        session,
        challengePassed: (await passedChallenge(db, exam, userId, now)) !== undefined,
        admission: await admissions.of(exam, userId),
        replaceableUntil: await replaceableUntil(userId, now),
      });
    },

    async startChallenge(request, ctx) {
      const wanted = validate(requests.examRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, wanted.exam);
      const challenge = await startChallenge(dependencies, exam, principal.userId);
      return presentChallenge(exam, challenge, [], clock.now());
    },

    async sendChallengeFrame(request, ctx) {
      const wanted = validate(requests.challengeFrameRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, wanted.exam);
      const frame = { id: wanted.challenge, image: wanted.image };
      const { remarks, ...challenge } = await challengeFrame(
        dependencies,
        exam,
        principal.userId,
        frame,
        ctx,
      );
      return presentChallenge(exam, challenge, remarks, clock.now());
    },

    async sendFrame(request, ctx) {
      const { exam: number, frame } = validate(requests.sendFrameRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, number);
      const session = await sessionOf(exam, principal);
      const { observation } = await frames.submit(
        {
          sessionId: session.id,
          number: frame.number,
          image: frame.image,
          capturedAt: frame.captureTime,
          // What was refused for a moment comes again under its number: nothing is missing through us.
          owed: new Set(),
          streamId: null,
          client: '',
        },
        ctx,
      );
      const after = await sessionById(db, session.id);
      return {
        finding: presentFrame(exam, { sessionId: session.id, userId: principal.userId }, observation),
        nextFrame: after?.nextFrame ?? observation.frame + 1,
        admission: presentAdmission(await admissions.of(exam, principal.userId)),
      };
    },

    async recordHeartbeat(request, ctx) {
      const { exam: number, ...heartbeat } = validate(requests.heartbeatRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, number);
      const now = clock.now();
      requireStarted(exam, now);
      await recordHeartbeat(db, await sessionOf(exam, principal), heartbeat, now);
      const admission = presentAdmission(await admissions.of(exam, principal.userId));
      return { serverTime: new Date(now), admission };
    },
  };
}
