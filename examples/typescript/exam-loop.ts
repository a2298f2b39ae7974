/**
 * Plays one exam against a running Probity core, over the network, from registration to the instructor's review.
 *
 * A student enrols a face, is identified, joins the exam and is watched; in the middle somebody else sits down. The
 * program ends with status 0 when the swap was noticed, and nothing was said of the student before it.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { ServiceError } from '@grpc/grpc-js';
import type { ComparisonFinding } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import {
  Modality,
  ReferenceServiceService,
} from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { ConsentServiceService } from '../../src/grpc/gen/probity/compliance/v1/consent_service.js';
import {
  Exam,
  ExamServiceService,
  ExamType,
  VerificationState,
} from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { IdentificationServiceService } from '../../src/grpc/gen/probity/exams/v1/identification_service.js';
import {
  AlertDecision,
  AlertType,
  ProctoringServiceService,
} from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import {
  AuthenticationServiceService,
  RefreshPolicy,
} from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { Role, UserServiceService } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { Camera } from './camera.js';
import { bearer, call, connect, detailsOf } from './connection.js';
import { watch } from './monitor.js';

const HONEST_FRAMES = 4;

const USAGE = `usage: tsx exam-loop.ts --enrol A.jpg [--enrol B.jpg …] --identify C.jpg --watch D.jpg --impostor E.jpg
  --address HOST:PORT     the core (localhost:50051)
  --ca, --cert, --key     PEM files: TLS with --ca, mutual TLS with all three
  --organisation CODE     code of the organisation (UCY)
  --admin-email EMAIL     administrator (admin@ucy.probity.local); the password is in PROBITY_ADMIN_PASSWORD
  --interval SECONDS      between frames, 1 to 60 (10)
  --impostor-frames N     at most this many frames of the impostor (30)`;

const { values: options } = parseArgs({
  options: {
    address: { type: 'string', default: 'localhost:50051' },
    ca: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    organisation: { type: 'string', default: 'UCY' },
    'admin-email': { type: 'string', default: 'admin@ucy.probity.local' },
    enrol: { type: 'string', multiple: true, default: [] },
    identify: { type: 'string', default: '' },
    watch: { type: 'string', default: '' },
    impostor: { type: 'string', default: '' },
    interval: { type: 'string', default: '10' },
    'impostor-frames': { type: 'string', default: '30' },
  },
});
const adminPassword = process.env['PROBITY_ADMIN_PASSWORD'];
const organisation = `organisations/${options.organisation}`;

const client = connect(options.address, options);

async function play(password: string): Promise<number> {
  const instructor = await newInstructor(password);
  const { student, email } = await newStudent();
  console.log(`student     ${email}`);

  await consentToFaceRecognition(student);
  await enrolFace(student);
  const exam = await beginExam(instructor, email);
  console.log(`exam        ${exam}`);
  await identify(student, exam);

  const session = await call(client, ProctoringServiceService.joinExam, { exam }, bearer(student));
  console.log(`joined      ${session.name}`);
  const { before, after } = await watchWithASwap(student, exam);
  await call(client, ProctoringServiceService.leaveExam, { exam }, bearer(student));

  await review(instructor, exam);
  const noticed = after.has(AlertType.ALERT_TYPE_DIFFERENT_PERSON);
  const falseAlarm = before.has(AlertType.ALERT_TYPE_DIFFERENT_PERSON);
  console.log(noticed ? 'the swap was noticed' : 'the swap was NOT noticed');
  if (falseAlarm) console.log('the student was taken for somebody else BEFORE the swap');
  return noticed && !falseAlarm ? 0 : 1;
}

/** Creates an instructor as the administrator and signs them in. */
async function newInstructor(adminsPassword: string): Promise<string> {
  const admin = await logIn(options['admin-email'], adminsPassword);
  const email = `instructor-${randomBytes(4).toString('hex')}@example.org`;
  const password = randomBytes(12).toString('base64url');
  const person = { email, givenName: 'Ada', familyName: 'Instructor', password, role: Role.ROLE_INSTRUCTOR };
  await call(client, UserServiceService.createUser, person, bearer(admin));
  return logIn(email, password);
}

/** Registers a student and signs them in. */
async function newStudent(): Promise<{ student: string; email: string }> {
  const email = `student-${randomBytes(4).toString('hex')}@example.org`;
  const password = randomBytes(12).toString('base64url');
  const person = { email, givenName: 'Sam', familyName: 'Student', password, role: Role.ROLE_STUDENT };
  await call(client, UserServiceService.registerUser, { organisation, ...person });
  return { student: await logIn(email, password), email };
}

/** An access token; it lasts 15 minutes. */
async function logIn(email: string, password: string): Promise<string> {
  const request = { organisation, email, password, refreshPolicy: RefreshPolicy.REFRESH_POLICY_ROTATING };
  return (await call(client, AuthenticationServiceService.logIn, request)).accessToken;
}

async function consentToFaceRecognition(student: string): Promise<void> {
  const { policies } = await call(client, ConsentServiceService.listPolicies, { languageCode: 'en' });
  for (const { modality, purpose, version } of policies) {
    if (modality !== Modality.MODALITY_FACE) continue;
    await call(
      client,
      ConsentServiceService.grantConsent,
      { modality, purpose, policyVersion: version },
      bearer(student),
    );
    console.log(`consented   to the policy ${version}`);
  }
}

async function enrolFace(student: string): Promise<void> {
  const images = await Promise.all(options.enrol.map((file) => readFile(file)));
  const answer = await call(
    client,
    ReferenceServiceService.enrolFace,
    { user: 'users/me', images },
    bearer(student),
  );
  for (const [i, { accepted, reasons }] of answer.images.entries()) {
    const verdict = accepted ? 'accepted' : `refused: ${reasons.join('; ')}`;
    console.log(`enrolled    ${basename(options.enrol[i] ?? '')}: ${verdict}`);
  }
  if (!answer.reference?.complete)
    throw new Error('The reference is not complete: more pictures are needed.');
}

/** Creates an exam, enrols the student and starts it. */
async function beginExam(instructor: string, email: string): Promise<string> {
  const token = bearer(instructor);
  const exam = Exam.fromPartial({
    displayName: 'Example',
    type: ExamType.EXAM_TYPE_WRITTEN,
    scheduleTime: new Date(Date.now() + 60_000),
    duration: { seconds: 3600n },
    monitoring: { frameInterval: { seconds: BigInt(options.interval) } },
  });
  const { name } = await call(client, ExamServiceService.createExam, { exam }, token);
  const students = [{ email, givenName: '', familyName: '' }];
  await call(client, ExamServiceService.batchEnrolStudents, { exam: name, students }, token);
  await call(client, ExamServiceService.startExam, { name }, token);
  return name;
}

async function identify(student: string, exam: string): Promise<void> {
  const image = await readFile(options.identify);
  const request = { exam, image, operatingSystem: process.platform };
  const answer = await call(client, IdentificationServiceService.identifyStudent, request, bearer(student));
  console.log(`identified  ${described(answer.comparison)}`);
  if (answer.verification?.state !== VerificationState.VERIFICATION_STATE_VERIFIED) {
    const advice = answer.finding?.quality?.advice.join('; ') ?? '';
    throw new Error(`The student could not be identified: ${advice}`);
  }
}

/** Sends a few frames of the student, then of the impostor until the alert. */
async function watchWithASwap(student: string, exam: string) {
  const before = new Set<AlertType>();
  const after = new Set<AlertType>();
  async function* pictures() {
    const genuine = new Camera(options.watch);
    for (let i = 0; i < HONEST_FRAMES; i++) yield genuine.capture();
    const impostor = new Camera(options.impostor);
    for (let i = 0; i < Number(options['impostor-frames']); i++) {
      if (after.has(AlertType.ALERT_TYPE_DIFFERENT_PERSON)) return;
      yield impostor.capture();
    }
  }

  for await (const seen of watch(client, bearer(student), exam, pictures())) {
    if ('alert' in seen) {
      console.log(`alert       ${seen.alert.reason}`);
      continue;
    }
    const { frame, comparison, impostorEvidence, alerts } = seen.finding;
    for (const { type } of alerts) (frame <= HONEST_FRAMES ? before : after).add(type);
    const reasons = alerts.map(({ reason }) => `  ! ${reason}`).join('');
    console.log(
      `frame ${String(frame).padEnd(5)} ${described(comparison)}, impostor evidence ${impostorEvidence.toFixed(1)}${reasons}`,
    );
  }
  return { before, after };
}

/** What the instructor does: reads the alerts, looks at the evidence and decides. */
async function review(instructor: string, exam: string): Promise<void> {
  const token = bearer(instructor);
  const page = { exam, user: '', pageSize: 0, pageToken: '' };
  const { alerts } = await call(client, ProctoringServiceService.listAlerts, page, token);
  for (const { name, type, reason, hasEvidence } of alerts) {
    let evidence = 'no evidence';
    if (hasEvidence) {
      const { contentType, image } = await call(
        client,
        ProctoringServiceService.getEvidence,
        { alert: name },
        token,
      );
      evidence = `${contentType}, ${image.length} bytes`;
    }
    const decision = AlertDecision.ALERT_DECISION_CONFIRMED;
    const note = 'Seen in the example.';
    const decided = await call(
      client,
      ProctoringServiceService.reviewAlert,
      { alert: name, decision, note },
      token,
    );
    console.log(`reviewed    ${short(type)}: ${reason} (${evidence}) -> ${short(decided.decision)}`);
  }
}

function described(comparison: ComparisonFinding | undefined): string {
  if (!comparison) return 'not compared';
  const { outcome, score, threshold } = comparison;
  return `${short(outcome)} (${score.toFixed(3)}, threshold ${threshold.toFixed(3)})`;
}

/** `OUTCOME_NO_MATCH` without its enum's name. */
function short(value: string): string {
  return value.replace(/^(OUTCOME|ALERT_TYPE|ALERT_DECISION)_/, '');
}

if (
  !adminPassword ||
  !options.identify ||
  !options.watch ||
  !options.impostor ||
  options.enrol.length === 0
) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  play(adminPassword).then(
    (code) => (process.exitCode = code),
    (thrown: unknown) => {
      const error = thrown as Error & Partial<ServiceError>;
      const { reason, fields } = error.metadata
        ? detailsOf(error as ServiceError)
        : { reason: '', fields: [] };
      console.error(`${reason ?? ''} ${error.details ?? error.message}`.trim());
      for (const { field, description } of fields) console.error(`  ${field}: ${description}`);
      process.exitCode = 2;
    },
  );
}
