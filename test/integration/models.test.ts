import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StatusError } from '../../src/call/index.js';
import { Outcome } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { Exam, ExamType } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { AlertType } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import type { CallOptions } from '../../src/grpc/index.js';
import { startApp, type RunningApp } from '../support/app.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';

const DLIB = 'face-recognise-dlib-128/1';
const ADA = {
  organisation: 'organisations/UCY',
  email: 'ada@example.org',
  password: 'correct horse battery',
  givenName: 'Ada',
  familyName: 'Lovelace',
  role: Role.ROLE_STUDENT,
};
const { obama1, obama2, obama3, biden } = PORTRAITS;

/** What a deployment that changes its recognition model meets: the same database, started with either. */
describeWithModels('the recognition model is a setting', () => {
  let dataDir: string;
  let running: RunningApp;
  let student: CallOptions;
  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'probity-models-'));
  });
  afterEach(() => running.stop());
  afterAll(() => rm(dataDir, { recursive: true }));

  async function start(settings: Record<string, string>, registered: boolean): Promise<void> {
    running = await startApp({ PROBITY_ROLES: 'grpc', PROBITY_DATA_DIR: dataDir, ...settings });
    const { authentication, users, consents } = running.app.core;
    if (!registered) await users.registerUser(ADA);
    const { accessToken } = await authentication.logIn({
      ...ADA,
      refreshPolicy: RefreshPolicy.REFRESH_POLICY_ROTATING,
    });
    student = { token: accessToken };
    if (registered) return;
    const { policies } = await consents.listPolicies({ languageCode: 'en' });
    const { modality, purpose, version } = policies.find((each) => each.modality === Modality.MODALITY_FACE)!;
    await consents.grantConsent({ modality, purpose, policyVersion: version }, student);
  }

  const verify = (image: Buffer) =>
    running.app.core.references.verifyFace({ user: 'users/me', image }, student);
  const reasonOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'OK',
      (error: unknown) => (error as StatusError).reason,
    );

  it('enrols and verifies with the dlib model where it is chosen', async () => {
    await start({ PROBITY_FACE_MODEL: DLIB }, false);
    const { reference, images } = await running.app.core.references.enrolFace(
      { user: 'users/me', images: [obama1, biden, obama2] },
      student,
    );
    expect(images.map(({ accepted }) => accepted)).toEqual([true, false, true]);
    expect(reference).toMatchObject({ model: DLIB, complete: true, templateCount: 2 });
    const right = (await verify(obama3)).comparison!;
    const wrong = (await verify(biden)).comparison!;
    expect([right.outcome, right.model]).toEqual([Outcome.OUTCOME_MATCH, DLIB]);
    expect([wrong.outcome, wrong.model]).toEqual([Outcome.OUTCOME_NO_MATCH, DLIB]);
  });

  it('refuses the references of another model by their own reason, staff let the person enrol again, and the exam ahead is told', async () => {
    await start({}, true);
    const { references, authentication } = running.app.core;
    expect(await reasonOf(verify(obama3))).toBe('MODEL_MISMATCH');
    const again = { user: 'users/me', images: [obama1, obama2] };
    expect(await reasonOf(references.enrolFace(again, student))).toBe('REPLACEMENT_UNPROVEN');

    const { accessToken, user } = await authentication.logIn({
      ...running.admin,
      organisation: 'organisations/UCY',
      refreshPolicy: RefreshPolicy.REFRESH_POLICY_ROTATING,
    });
    expect(user?.role).toBe(Role.ROLE_ADMIN);
    const ada = (await running.app.core.users.getUser({ name: 'users/me' }, student)).name;
    const name = `${ada}/references/face`;
    const staff = { token: accessToken };
    const exam = await examTomorrow(staff);
    await references.allowReplacement({ name, reason: 'Another model.' }, staff);
    const { reference } = await references.enrolFace(again, student);
    expect(reference).toMatchObject({ templateCount: 2, complete: true });
    expect(reference!.model).not.toBe(DLIB);
    expect((await verify(obama3)).comparison!.outcome).toBe(Outcome.OUTCOME_MATCH);

    const request = { exam, user: '', pageSize: 0, pageToken: '' };
    const { alerts } = await running.app.core.proctoring.listAlerts(request, staff);
    expect(alerts).toMatchObject([{ type: AlertType.ALERT_TYPE_REFERENCE_CHANGED, user: ada }]);
  });

  async function examTomorrow(staff: CallOptions): Promise<string> {
    const { exams } = running.app.core;
    const wanted = Exam.fromPartial({
      displayName: 'Algebra',
      type: ExamType.EXAM_TYPE_WRITTEN,
      scheduleTime: new Date(Date.now() + 20 * 3_600_000),
      duration: { seconds: 3600n },
    });
    const { name } = await exams.createExam({ exam: wanted }, staff);
    const { email, givenName, familyName } = ADA;
    await exams.batchEnrolStudents({ exam: name, students: [{ email, givenName, familyName }] }, staff);
    return name;
  }
});
