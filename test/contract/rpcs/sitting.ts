import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { TEACHER as TAUGHT_BY } from '../../../scripts/fake-lms/site.js';
import type { CallOptions } from '../../../src/grpc/index.js';
import { Modality } from '../../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { CameraState, ChallengeState } from '../../../src/grpc/gen/probity/exams/v1/capture_service.js';
import { AlertDecision, AlertType } from '../../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { AttemptEvent } from '../../../src/grpc/gen/probity/lms/v1/site_service.js';
import { sign, STUDENT, TEACHER, type LaunchClaims } from '../../support/moodle-site.js';
import { collect } from '../harness.js';
import { anyTime, FIRST, NOBODY, some, type Row, type World } from './world.js';

const QUIZ = { activity: STUDENT.activity.id, student: STUDENT.sub };
const UNKNOWN = { ...QUIZ, student: '404' };
const ACTOR = { id: TEACHER.sub, email: TAUGHT_BY, displayName: 'Tess Tutor' };
const NO_EXAM = 'exams/999999';

const launchToken = (world: World, claims: LaunchClaims): Promise<string> =>
  sign('launch', world.signer, claims);
const asSite = async ({ signer }: World): Promise<CallOptions> => ({ token: await sign('site', signer, {}) });
const portrait = (name: string): Promise<Buffer> =>
  readFile(path.resolve(__dirname, '../../fixtures/faces', name));

/** The first thing that a stream says to a teacher, who then goes. */
async function firstOf<T>(world: World, ask: (options: CallOptions) => AsyncIterable<T>): Promise<T> {
  const caller = new AbortController();
  for await (const said of ask({ ...world.teacher, signal: caller.signal })) {
    caller.abort();
    return said;
  }
  throw new Error('the stream said nothing');
}

/** A student sits a quiz: launched, approved, captured, reviewed. */
export const SITTING: Record<string, Row> = {
  'launches.getOpener': {
    works: (w) => w.core.launches.getOpener({ connection: w.connection }),
    says: (w) => ({ origin: w.fake.url }),
    fails: (w) => w.core.launches.getOpener({ connection: `lmsConnections/${NOBODY}` }),
    reason: 'CONNECTION_NOT_FOUND',
  },
  'launches.launch': {
    works: async (w) => {
      w.launchToken = await launchToken(w, STUDENT);
      const come = await w.core.launches.launch({ token: w.launchToken });
      [w.student, w.exam, w.user] = [{ token: come.accessToken }, come.exam, come.user!.name];
      const teacher = { ...TEACHER, email: TAUGHT_BY };
      w.teacher = {
        token: (await w.core.launches.launch({ token: await launchToken(w, teacher) })).accessToken,
      };
      return come;
    },
    says: (w) => ({
      opener: w.fake.url,
      policy: STUDENT.policy,
      user: { email: STUDENT.email },
      language: 'en',
    }),
    fails: (w) => w.core.launches.launch({ token: w.launchToken }),
    reason: 'LAUNCH_USED',
  },
  'lms.listCourses': {
    works: (w) => w.core.lms.listCourses({}, w.teacher),
    says: (w) => ({ courses: some({ connection: w.connection, courseId: '2' }), problems: [] }),
    fails: (w) => w.core.lms.listCourses({}, w.student),
    reason: 'ROLE_REQUIRED',
  },
  'site.getSite': {
    works: async (w) => w.core.site.getSite({}, await asSite(w)),
    says: (w) => ({ connection: w.connection, address: w.fake.url, serverTime: anyTime() }),
    fails: (w) => w.core.site.getSite({}, w.student),
    reason: 'CREDENTIALS_MISSING',
  },
  'site.requestSiteApproval': {
    works: async (w) => w.core.site.requestSiteApproval({ ...QUIZ, note: 'No camera.' }, await asSite(w)),
    says: () => ({ approvalRequested: true, admitted: false }),
    fails: async (w) => w.core.site.requestSiteApproval({ ...UNKNOWN, note: '' }, await asSite(w)),
    reason: 'USER_NOT_FOUND',
  },
  'site.getGate': {
    works: async (w) => w.core.site.getGate(QUIZ, await asSite(w)),
    says: () => ({ student: STUDENT.sub, approvalRequested: true, revision: 0n }),
    fails: async (w) => w.core.site.getGate({ ...QUIZ, activity: 'quiz' }, await asSite(w)),
    reason: 'INVALID_FIELDS',
  },
  'site.decideApproval': {
    works: async (w) =>
      w.core.site.decideApproval({ ...QUIZ, approve: true, note: 'Seen.', actor: ACTOR }, await asSite(w)),
    says: () => ({ admitted: true, revision: expect.any(BigInt) as bigint }),
    fails: async (w) =>
      w.core.site.decideApproval({ ...UNKNOWN, approve: true, note: '', actor: ACTOR }, await asSite(w)),
    reason: 'USER_NOT_FOUND',
  },
  'site.listGates': {
    works: async (w) => w.core.site.listGates({ activity: QUIZ.activity, ...FIRST }, await asSite(w)),
    says: () => ({
      gates: [expect.objectContaining({ student: STUDENT.sub, displayName: 'Ada Byron' })] as unknown[],
    }),
    fails: async (w) =>
      w.core.site.listGates({ activity: QUIZ.activity, pageSize: 0, pageToken: '?' }, await asSite(w)),
    reason: 'INVALID_FIELDS',
  },
  'site.recordAttempt': {
    works: async (w) => {
      const event = AttemptEvent.ATTEMPT_EVENT_STARTED;
      return w.core.site.recordAttempt(
        { ...QUIZ, attempt: '9', event, eventTime: new Date() },
        await asSite(w),
      );
    },
    says: () => ({}),
    fails: async (w) => {
      const event = AttemptEvent.ATTEMPT_EVENT_UNSPECIFIED;
      return w.core.site.recordAttempt(
        { ...QUIZ, attempt: '9', event, eventTime: undefined },
        await asSite(w),
      );
    },
    reason: 'INVALID_FIELDS',
  },
  'capture.getCapture': {
    works: (w) => w.core.capture.getCapture({ exam: w.exam }, w.student),
    says: (w) => ({ exam: w.exam, consentNeeded: true, admission: { admitted: true } }),
    fails: (w) => w.core.capture.getCapture({ exam: NO_EXAM }, w.student),
    reason: 'EXAM_NOT_FOUND',
  },
  'capture.startChallenge': {
    works: async (w) => {
      const { policies } = await w.core.consents.listPolicies({ languageCode: 'en' });
      const { modality, purpose, version } = policies.find(
        (each) => each.modality === Modality.MODALITY_FACE,
      )!;
      await w.core.consents.grantConsent({ modality, purpose, policyVersion: version }, w.student);
      await w.core.references.enrolFace(
        { user: 'users/me', images: [await portrait('obama/1.jpg')] },
        w.student,
      );
      const challenge = await w.core.capture.startChallenge({ exam: w.exam }, w.student);
      w.challenge = challenge.name;
      return challenge;
    },
    says: () => ({
      state: ChallengeState.CHALLENGE_STATE_OPEN,
      step: 0,
      expireTime: anyTime(),
    }),
    fails: (w) => w.core.capture.startChallenge({ exam: NO_EXAM }, w.student),
    reason: 'EXAM_NOT_FOUND',
  },
  'capture.sendChallengeFrame': {
    works: async (w) => {
      const frame = { challenge: w.challenge, image: await portrait('obama/2.jpg') };
      return w.core.capture.sendChallengeFrame(frame, w.student);
    },
    says: (w) => ({ name: w.challenge, state: ChallengeState.CHALLENGE_STATE_OPEN }),
    fails: (w) =>
      w.core.capture.sendChallengeFrame({ challenge: w.challenge, image: Buffer.from('none') }, w.student),
    reason: 'IMAGE_UNREADABLE',
  },
  'capture.sendFrame': {
    works: async (w) => {
      await w.core.proctoring.joinExam({ exam: w.exam }, w.student);
      const image = await portrait('obama/3.jpg');
      const frame = { number: 1, image, captureTime: new Date() };
      const sent = await w.core.capture.sendFrame({ exam: w.exam, frame }, w.student);
      // Seen before: an alert that the site can decide on.
      await w.core.capture.sendFrame({ exam: w.exam, frame: { ...frame, number: 2 } }, w.student);
      return sent;
    },
    says: () => ({ finding: { frame: 1 }, nextFrame: 2, admission: { admitted: true } }),
    fails: (w) => {
      const frame = { number: 0, image: Buffer.from('none'), captureTime: undefined };
      return w.core.capture.sendFrame({ exam: w.exam, frame }, w.student);
    },
    reason: 'INVALID_FIELDS',
  },
  'capture.recordHeartbeat': {
    works: (w) => {
      const camera = CameraState.CAMERA_STATE_LIVE;
      const beat = { exam: w.exam, clientTime: new Date(), visible: true, camera };
      return w.core.capture.recordHeartbeat(beat, w.student);
    },
    says: () => ({ serverTime: anyTime(), admission: { admitted: true } }),
    fails: (w) => {
      const camera = CameraState.CAMERA_STATE_UNSPECIFIED;
      const beat = { exam: w.exam, clientTime: new Date(), visible: true, camera };
      return w.core.capture.recordHeartbeat(beat, w.student);
    },
    reason: 'INVALID_FIELDS',
  },
  'site.listSiteAlerts': {
    works: async (w) => {
      const page = await w.core.site.listSiteAlerts({ ...QUIZ, ...FIRST }, await asSite(w));
      w.alert = page.alerts[0]!.alert!.name.split('/').at(-1)!;
      return page;
    },
    says: () => ({ alerts: some({ student: STUDENT.sub }) }),
    fails: async (w) => w.core.site.listSiteAlerts({ ...QUIZ, student: 'a b', ...FIRST }, await asSite(w)),
    reason: 'INVALID_FIELDS',
  },
  'site.reviewSiteAlert': {
    works: async (w) => {
      const decision = AlertDecision.ALERT_DECISION_DISMISSED;
      const asked = { activity: QUIZ.activity, alert: w.alert, decision, note: 'Fine.', actor: ACTOR };
      return w.core.site.reviewSiteAlert(asked, await asSite(w));
    },
    says: () => ({ alert: { type: AlertType.ALERT_TYPE_REPLAYED_FRAME, decisionNote: 'Fine.' } }),
    fails: async (w) => {
      const decision = AlertDecision.ALERT_DECISION_DISMISSED;
      const asked = { activity: QUIZ.activity, alert: NOBODY, decision, note: '', actor: ACTOR };
      return w.core.site.reviewSiteAlert(asked, await asSite(w));
    },
    reason: 'ALERT_NOT_FOUND',
  },
  'reviews.listReviews': {
    works: (w) => w.core.reviews.listReviews(FIRST, w.teacher),
    says: (w) => ({ reviews: some({ exam: expect.objectContaining({ name: w.exam }) as unknown }) }),
    fails: (w) => w.core.reviews.listReviews(FIRST, w.student),
    reason: 'ROLE_REQUIRED',
  },
  'reviews.listReviewStudents': {
    works: (w) => w.core.reviews.listReviewStudents({ exam: w.exam, ...FIRST }, w.teacher),
    says: (w) => ({ students: [{ user: w.user, email: STUDENT.email }] }),
    fails: (w) => w.core.reviews.listReviewStudents({ exam: NO_EXAM, ...FIRST }, w.teacher),
    reason: 'EXAM_NOT_FOUND',
  },
  'reviews.getStudentTimeline': {
    works: (w) => w.core.reviews.getStudentTimeline({ exam: w.exam, user: w.user, ...FIRST }, w.teacher),
    says: (w) => ({
      student: { user: w.user },
      entries: some({ what: expect.objectContaining({ $case: 'approval' }) as unknown }),
    }),
    fails: (w) =>
      w.core.reviews.getStudentTimeline({ exam: w.exam, user: `users/${NOBODY}`, ...FIRST }, w.teacher),
    reason: 'USER_NOT_FOUND',
  },
  'reviews.decideApproval': {
    works: (w) =>
      w.core.reviews.decideApproval({ exam: w.exam, user: w.user, approve: true, note: 'Again.' }, w.teacher),
    says: (w) => ({
      user: w.user,
      alerts: [{ type: AlertType.ALERT_TYPE_REPLAYED_FRAME, undecidedCount: 0 }],
    }),
    fails: (w) =>
      w.core.reviews.decideApproval({ exam: w.exam, user: w.user, approve: true, note: '' }, w.student),
    reason: 'ROLE_REQUIRED',
  },
  'reviews.watchExam': {
    works: (w) =>
      firstOf(w, (options) => w.core.reviews.watchExam({ exam: w.exam, after: undefined }, options)),
    says: () => ({ what: { $case: 'opened' } }),
    fails: (w) => collect(w.core.reviews.watchExam({ exam: NO_EXAM, after: undefined }, w.teacher)),
    reason: 'EXAM_NOT_FOUND',
  },
};

/** And asks what is held of them, and to be erased. */
export const ERASING: Record<string, Row> = {
  'site.exportPerson': {
    works: async (w) => w.core.site.exportPerson({ person: STUDENT.sub }, await asSite(w)),
    says: () => ({ contentType: 'application/json', document: expect.any(Buffer) as Buffer }),
    fails: async (w) => w.core.site.exportPerson({ person: '404' }, await asSite(w)),
    reason: 'USER_NOT_FOUND',
  },
  'site.erasePerson': {
    works: async (w) => {
      await w.core.proctoring.leaveExam({ exam: w.exam }, w.student);
      return w.core.site.erasePerson({ person: STUDENT.sub }, await asSite(w));
    },
    says: () => ({ eraseTime: anyTime(), erased: { users: 1 } }),
    fails: async (w) => w.core.site.erasePerson({ person: STUDENT.sub }, await asSite(w)),
    reason: 'USER_NOT_FOUND',
  },
};
