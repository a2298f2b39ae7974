import { endedLoans, newestReferences } from '../../src/biometrics/references/store.js';
import { consentsAbout, consentsOf } from '../../src/compliance/consent-store.js';
import { policiesOf } from '../../src/exams/processes/process-policy-store.js';
import {
  admissionsDue,
  storedAdmission,
  storedAdmissions,
} from '../../src/exams/admission/admission-store.js';
import { attemptsOverSince, attemptSince } from '../../src/exams/admission/attempt-store.js';
import {
  enrolmentByNumber,
  externalStudents,
  hasSat,
  spanOf,
  spansOf,
  studentsSpan,
} from '../../src/exams/enrolment-store.js';
import { examsDue, examsNear } from '../../src/exams/exam-store.js';
import {
  alertsUntil,
  countOpen,
  countUndecided,
  otherPersonSince,
  tallyAlerts,
} from '../../src/exams/alerts/alert-store.js';
import { examEventsAfter, lastExamEvent, notesAbout } from '../../src/exams/exam-event-store.js';
import { attemptsFor } from '../../src/exams/identifying/identification.js';
import { latestFingerprints, sawBytes, unmatchedFrames } from '../../src/exams/watching/observation-store.js';
import {
  hasOpenSession,
  openSession,
  openSessions,
  sessionsOf,
  sessionsToClose,
  signsOfOpenSessions,
} from '../../src/exams/watching/session-store.js';
import {
  countApprovalRequests,
  verificationOf,
  verificationsOf,
} from '../../src/exams/identifying/verification-store.js';
import { isStaff } from '../../src/exams/staff-store.js';
import { accountsByExternalIds } from '../../src/lms/account-store.js';
import { lmsExam, lmsExamOf } from '../../src/lms/activity-store.js';
import { anyConnection } from '../../src/lms/connection-store.js';
import { connectionsDue, pushesDue } from '../../src/lms/push-store.js';
import { tombstonesOf } from '../../src/lms/sync/tombstone-store.js';
import { pushesBefore } from '../../src/wallet/wallet-store.js';
import { apiKeyByToken } from '../../src/identity/api-key-store.js';
import { accountsOfUser, sessionsNamed, userOfAccount } from '../../src/identity/saml/account-store.js';
import { hasRequest, requestById } from '../../src/identity/saml/sign-in-store.js';
import { databases } from '../support/databases.js';

/*
 * What every picture asks of the database, or a job every few seconds, is found by an index of what it asks for: the
 * years of an installation must not slow an exam down.
 */

const SUBJECT = { userId: 'ann', organisationId: 'UCY' };
const HOT: Record<string, (db: Parameters<typeof hasOpenSession>[0]) => Promise<unknown>> = {
  'consents about somebody': (db) => consentsAbout(db, SUBJECT, 'FACE', 'EXAM_IDENTITY'),
  'consents of somebody': (db) => consentsOf(db, 'ann'),
  'exams due': (db) => examsDue(db, 1, 100),
  'a frame seen before': (db) => sawBytes(db, 'exam', 'sha256'),
  'earlier fingerprints': (db) => latestFingerprints(db, 'session', 60),
  'an open session': (db) => openSession(db, 'exam', 'ann'),
  'whether somebody sits an exam': (db) => hasOpenSession(db, 'ann', 1),
  'sessions to close': (db) => sessionsToClose(db, 1, 100),
  'signs of life': (db) => signsOfOpenSessions(db, 1),
  'loans that ended': (db) => endedLoans(db, 1, 100),
  'pushes without a receipt': (db) => pushesBefore(db, 1, 100),
  'whom somebody is told from': (db) =>
    newestReferences(db, SUBJECT, { modality: 'INTERACTION', modelId: 'a model' }, 1, 40),
  'process policies': (db) => policiesOf(db, 'UC', ['exam']),
  'exams of a student that are near': (db) => examsNear(db, 'ann', 1, 2),
  'when a student may join': (db) => spanOf(db, 'exam', 'ann'),
  'an enrolment': (db) => enrolmentByNumber(db, { organisationId: 'UCY' }, 1, 1),
  'the API key of a token': (db) => apiKeyByToken(db, 'hash'),
  'changes of an exam': (db) => examEventsAfter(db, 'exam', 7, 50),
  'the last change of an exam': (db) => lastExamEvent(db, 'exam'),
  'decisions about a student': (db) => notesAbout(db, { examId: 'exam', userId: 'ann' }, 1, 100),
  'alerts of students by kind': (db) => tallyAlerts(db, 'exam', ['ann', 'bob']),
  'alerts of a student': (db) => alertsUntil(db, { examId: 'exam', userId: 'ann' }, 1, 100),
  'alerts to decide on': (db) => countUndecided(db, ['exam', 'other']),
  'requests for approval': (db) => countApprovalRequests(db, ['exam', 'other']),
  'frames that did not match': (db) => unmatchedFrames(db, ['session'], 1, 100),
  'attempts to be identified': (db) => attemptsFor(db, { examId: 'exam', userId: 'ann' }, 1, 100),
  'open sessions of students': (db) => openSessions(db, 'exam', ['ann', 'bob']),
  'verifications of students': (db) => verificationsOf(db, 'exam', ['ann', 'bob']),
  'admissions of students': (db) => storedAdmissions(db, 'exam', ['ann', 'bob']),
  'when students may join': (db) => spansOf(db, 'exam', ['ann', 'bob']),
  'sessions of students': (db) => sessionsOf(db, 'exam', ['ann', 'bob']),
  'whom a provider means': (db) => userOfAccount(db, { providerId: 'idp', externalId: 'ann' }),
  'whom providers take somebody for': (db) => accountsOfUser(db, 'ann'),
  'sessions with a provider': (db) => sessionsNamed(db, 'idp', 'hash'),
  'a request of a browser': (db) => hasRequest(db, 'idp', 'hash', 1),
  'a request to a provider': (db) => requestById(db, 'idp', 'request', 1),
  'a verification': (db) => verificationOf(db, 'exam', 'ann'),
  'an admission as it was told': (db) => storedAdmission(db, 'exam', 'ann'),
  'admissions that time may have changed': (db) => admissionsDue(db, 1, 100),
  'whether somebody else was seen': (db) => otherPersonSince(db, 'exam', ['ann', 'bob']),
  'alerts that last or wait': (db) => countOpen(db, 'exam', ['ann', 'bob']),
  'an attempt that is on': (db) => attemptSince(db, 'exam', ['ann', 'bob']),
  'whether somebody runs an exam': (db) => isStaff(db, 'exam', 'ann'),
  'the time of all students': (db) => studentsSpan(db, 'exam'),
  'students of an LMS': (db) => externalStudents(db, 'exam', 'ann', 100),
  'who signs': (db) => anyConnection(db, 'connection'),
  'whose account it is': (db) => accountsByExternalIds(db, 'connection', ['5']),
  'the exam of an activity': (db) => lmsExam(db, 'connection', 'quiz:1'),
  'the activity of an exam': (db) => lmsExamOf(db, 'exam'),
  'which LMS is to be told': (db) => connectionsDue(db, 1),
  'what an LMS is to be told': (db) => pushesDue(db, 'connection', 1, 100),
  'whether all attempts are over': (db) => attemptsOverSince(db, 'exam', 'ann'),
  'whether somebody has sat an exam': (db) => hasSat(db, 'exam', 'ann'),
  'who was erased': (db) => tombstonesOf(db, 'connection', ['digest', 'other']),
};

describe.each(databases)('on $name', ({ name, open }) => {
  const sent: { sql: string; bindings: readonly string[] }[] = [];
  let db: Awaited<ReturnType<typeof open>>['db'];
  beforeAll(async () => {
    ({ db } = await open());
    db.on('query', (query: (typeof sent)[number]) => sent.push(query));
  });

  it('no hot query reads a whole table, or the rows of a whole organisation', async () => {
    const plans: Record<string, string[]> = {};
    for (const [what, ask] of Object.entries(HOT)) plans[what] = await planOf(ask);
    const poor = Object.entries(plans).filter(([, steps]) =>
      steps.some((step) => /SCAN|\(organisation_id=\?\)|type=(ALL|index)\b/.test(step)),
    );
    expect(poor).toEqual([]);
    expect(Object.values(plans).every((steps) => steps.length > 0)).toBe(true);
  });

  it('a page of a timeline sorts no frames beyond itself, however many there are', async () => {
    const plan = await planOf(HOT['frames that did not match']!);
    expect(plan.filter((step) => /TEMP B-TREE|filesort/.test(step))).toEqual([]);
    expect(plan.length).toBeGreaterThan(0);
  });

  /** The steps of the first query that is asked. */
  async function planOf(ask: (typeof HOT)[string]): Promise<string[]> {
    sent.length = 0;
    await ask(db);
    const { sql, bindings } = sent[0]!;
    if (name === 'sqlite') {
      const steps: unknown = await db.raw(`explain query plan ${sql}`, bindings);
      return (steps as { detail: string }[]).map(({ detail }) => detail);
    }
    const answer: unknown = await db.raw(`explain ${sql}`, bindings);
    const [steps] = answer as [{ table: string; type: string; Extra: string }[]];
    return steps.map(({ table, type, Extra }) => `${table} type=${type} ${Extra}`);
  }
});
