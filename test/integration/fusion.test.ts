import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Code, type StatusError } from '../../src/call/index.js';
import { Outcome } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { CreateExamRequest, ExamType } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { CaptureAnomaly, type SampleFinding } from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import type { CallOptions, Core } from '../../src/grpc/index.js';
import { systemClock } from '../../src/jobs/index.js';
import { startApp, type RunningApp } from '../support/app.js';
import { describeWithModels } from '../support/faces.js';
import { LONG, OTHER_READER, SAME_READER, speech } from '../support/speech.js';

/* An oral exam with real faces and real voices: one face and one reader are the student's, the others are not. */

const face = (name: string): Buffer => readFileSync(path.join(__dirname, '../fixtures/faces', name));
const PASSWORD = 'a long enough password';
let ahead = 0;
const clock = { ...systemClock, now: () => Date.now() + ahead };

describeWithModels('an oral exam of face and voice', () => {
  let app: RunningApp;
  let core: Core;
  let student: CallOptions;
  let staff: CallOptions;
  let exam: string;

  const logIn = async (email: string): Promise<CallOptions> => {
    const { accessToken } = await core.authentication.logIn(
      {
        ...{ organisation: 'organisations/UCY', email, password: PASSWORD },
        refreshPolicy: 'REFRESH_POLICY_FIXED' as never,
      },
      {},
    );
    return { token: accessToken };
  };
  const consent = async (modality: Modality): Promise<void> => {
    const { policies } = await core.consents.listPolicies({ languageCode: 'en' }, {});
    const { version: policyVersion } = policies.find((policy) => policy.modality === modality)!;
    const purpose = 'PURPOSE_EXAM_IDENTITY' as never;
    await core.consents.grantConsent({ modality, purpose, policyVersion }, student);
  };
  const say = (recording: Buffer): Promise<SampleFinding> => {
    ahead += 30_000;
    return core.monitor.submitSample({ exam: '', sample: { $case: 'audio', value: recording } }, student);
  };

  beforeAll(async () => {
    app = await startApp({ PROBITY_REGISTRATION: 'open', PROBITY_FACE_REQUIRED_TEMPLATES: '1' }, { clock });
    core = app.app.core;
    for (const [email, role] of [
      ['teacher@ucy.test', 'ROLE_INSTRUCTOR'],
      ['barack@ucy.test', 'ROLE_STUDENT'],
    ]) {
      await core.users.registerUser(
        {
          ...{ organisation: 'organisations/UCY', email: email!, givenName: 'A', familyName: 'B' },
          ...{ password: PASSWORD, role: role as never },
        },
        {},
      );
    }
    staff = await logIn('teacher@ucy.test');
    student = await logIn('barack@ucy.test');
    await consent(Modality.MODALITY_FACE);
    await core.references.enrolFace({ user: 'users/me', images: [face('obama/1.jpg')] }, student);
    const created = await core.exams.createExam(
      CreateExamRequest.fromPartial({
        exam: {
          displayName: 'Rhetoric',
          type: ExamType.EXAM_TYPE_ORAL,
          scheduleTime: new Date(clock.now() + 60_000),
          duration: { seconds: 3600n },
        },
      }),
      staff,
    );
    exam = created.name;
    const students = [{ email: 'barack@ucy.test', givenName: 'A', familyName: 'B' }];
    await core.exams.batchEnrolStudents({ exam, students }, staff);
    await core.exams.startExam({ name: exam }, staff);
    await core.identification.identifyStudent(
      { exam, image: face('obama/2.jpg'), operatingSystem: '' },
      student,
    );
  });
  afterAll(() => app.stop());

  test('the student’s own voice fits, another reader’s does not; each is shown with what it contributes', async () => {
    await core.proctoring.joinExam({ exam }, student);
    const refused = await say(speech('533-0009.wav')).catch((error: unknown) => error as StatusError);
    expect(refused).toMatchObject({ code: Code.PERMISSION_DENIED, reason: 'CONSENT_REQUIRED' });
    await consent(Modality.MODALITY_VOICE);
    const unknown = await say(speech('533-0009.wav'));
    expect(unknown.comparison).toMatchObject({
      outcome: Outcome.OUTCOME_INCONCLUSIVE,
      reasons: ['There is no complete voice reference to compare with.'],
    });
    // Nothing is enrolled during an exam.
    await core.proctoring.leaveExam({ exam }, student);
    await core.voices.enrolVoice({ user: 'users/me', recordings: [LONG] }, student);
    await core.identification.identifyStudent(
      { exam, image: face('obama/3.jpg'), operatingSystem: '' },
      student,
    );
    await core.proctoring.joinExam({ exam }, student);

    const own = await say(SAME_READER);
    expect([own.number, own.anomalies, own.comparison?.outcome]).toEqual([1, [], Outcome.OUTCOME_MATCH]);
    expect(own.identity).toMatchObject({ evidence: 0, contributions: [{ observations: 0 }] });

    // Two readers whom the model finds alike: no match, and by its calibration no evidence either.
    const other = await say(OTHER_READER);
    expect(other.comparison!.outcome).not.toBe(Outcome.OUTCOME_MATCH);
    expect(other.comparison!.score).toBeLessThan(own.comparison!.score);
    const [voice] = other.identity!.contributions;
    expect(voice).toMatchObject({
      ...{
        modality: Modality.MODALITY_VOICE,
        score: other.comparison!.score,
        evidence: expect.any(Number) as number,
      },
      ...{ logLikelihoodRatio: expect.any(Number) as number, model: other.comparison!.model },
    });
    expect(voice!.logLikelihoodRatio).toBeLessThan(own.identity!.contributions[0]!.logLikelihoodRatio!);
    expect((await say(OTHER_READER)).anomalies).toEqual([CaptureAnomaly.CAPTURE_ANOMALY_SAME_BYTES]);

    ahead += 10_000;
    const seen = await core.monitor.submitFrame(
      { exam, image: face('biden/1.jpg'), operatingSystem: '' },
      student,
    );
    expect(seen.identity!.contributions[0]).toMatchObject({
      ...{ modality: Modality.MODALITY_FACE, evidence: 4, observations: 1 },
    });
    const { sessions } = await core.proctoring.listSessions({ exam, pageSize: 0, pageToken: '' }, staff);
    expect(sessions[0]).toMatchObject({ frameCount: 1, sampleCount: 3 });
    expect(sessions[0]!.identity!.confidence).toBeLessThan(sessions[0]!.identity!.prior);
  });
});
