import type { CallOptions, Core } from '../../src/grpc/index.js';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { Exam, ExamType, VerificationState } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { PORTRAITS } from '../support/faces.js';

/*
 * People and an exam, made through the core as any client makes them, for suites about what happens afterwards.
 */

const ORGANISATION = 'organisations/UCY';
export const PASSWORD = 'correct horse battery staple';

export interface Account {
  email: string;
  password: string;
}

export interface Sitting {
  /** Resource name. */
  exam: string;
  instructor: CallOptions;
}

export async function logIn(
  core: Core,
  { email, password }: Account,
  organisation = ORGANISATION,
): Promise<CallOptions> {
  const refreshPolicy = RefreshPolicy.REFRESH_POLICY_ROTATING;
  const { accessToken } = await core.authentication.logIn({
    organisation,
    email,
    password,
    refreshPolicy,
  });
  return { token: accessToken };
}

/** An instructor with a started exam of an hour. */
export async function startExam(core: Core, admin: Account, organisation = ORGANISATION): Promise<Sitting> {
  const person = { email: 'teacher@ucy.test', givenName: 'Ada', familyName: 'Teacher', password: PASSWORD };
  await core.users.createUser(
    { ...person, role: Role.ROLE_INSTRUCTOR },
    await logIn(core, admin, organisation),
  );
  const instructor = await logIn(core, person, organisation);
  const exam = Exam.fromPartial({
    displayName: 'Algebra',
    type: ExamType.EXAM_TYPE_WRITTEN,
    scheduleTime: new Date(Date.now() + 60_000),
    duration: { seconds: 3600n },
  });
  const { name } = await core.exams.createExam({ exam }, instructor);
  await core.exams.startExam({ name }, instructor);
  return { exam: name, instructor };
}

/** A student with consent and the reference of `obama1`, enrolled in the exam. */
export async function enrolStudent(
  core: Core,
  { exam, instructor }: Sitting,
  email: string,
): Promise<CallOptions> {
  const person = { email, givenName: 'Barack', familyName: 'Student', password: PASSWORD };
  await core.users.registerUser({ ...person, organisation: ORGANISATION, role: Role.ROLE_STUDENT });
  const student = await logIn(core, person);
  const { policies } = await core.consents.listPolicies({ languageCode: 'en' });
  const policy = policies.find(({ modality }) => modality === Modality.MODALITY_FACE)!;
  await core.consents.grantConsent(
    { modality: policy.modality, purpose: policy.purpose, policyVersion: policy.version },
    student,
  );
  await core.references.enrolFace({ user: 'users/me', images: [PORTRAITS.obama1] }, student);
  const students = [{ email, givenName: '', familyName: '' }];
  await core.exams.batchEnrolStudents({ exam, students }, instructor);
  return student;
}

/** As `enrolStudent`, identified by `obama2`, and in the exam. */
export async function joinExam(core: Core, sitting: Sitting, email: string): Promise<CallOptions> {
  const { exam } = sitting;
  const student = await enrolStudent(core, sitting, email);
  const probe = { exam, image: PORTRAITS.obama2, operatingSystem: 'Linux' };
  const { verification } = await core.identification.identifyStudent(probe, student);
  if (verification?.state !== VerificationState.VERIFICATION_STATE_VERIFIED) {
    throw new Error('The student was not recognised.');
  }
  await core.proctoring.joinExam({ exam }, student);
  return student;
}
