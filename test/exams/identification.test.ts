import { StatusError } from '../../src/call/index.js';
import { Outcome } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { Assurance } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { LivenessPolicy, VerificationState } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import {
  VerificationMethod,
  type IdentifyStudentResponse,
} from '../../src/grpc/gen/probity/exams/v1/identification_service.js';
import { databases } from '../support/databases.js';
import { createWorld, examOf, live, START, type Script, type World } from './world.js';

const { VERIFICATION_STATE_PENDING, VERIFICATION_STATE_VERIFIED, VERIFICATION_STATE_APPROVAL_REQUESTED } =
  VerificationState;
const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => (error as StatusError).reason,
  );

describe.each(databases)('identification on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof examOf>>;
  beforeEach(async () => {
    world = createWorld(await open());
    exam = await examOf(world);
  });

  const show = async (script: Script = {}): Promise<IdentifyStudentResponse> => {
    const image = await world.picture(script);
    const request = { exam: exam.name, image, operatingSystem: 'test' };
    return world.exams.handlers.identification.identifyStudent(request, exam.sitter);
  };

  test('a match verifies, for half an hour, and is audited with score, threshold and model', async () => {
    const { comparison, verification } = await show({ score: 0.8 });
    expect(comparison?.outcome).toBe(Outcome.OUTCOME_MATCH);
    expect(comparison?.score).toBeCloseTo(0.8, 5);
    expect(verification).toEqual({
      exam: exam.name,
      user: `users/${exam.student.id}`,
      state: VERIFICATION_STATE_VERIFIED,
      method: VerificationMethod.VERIFICATION_METHOD_SERVER_MATCH,
      verifyTime: new Date(START),
      expireTime: new Date(START + 1_800_000),
      attemptsLeft: 5,
      approvalRequested: false,
    });
    expect(world.matches).toEqual([{ userId: exam.student.id, at: START }]);
    const entry = (await world.audited()).find(({ action }) => action === 'student.verified');
    expect(entry).toMatchObject({
      subject: world.pseudonym(exam.student.id),
      details: {
        outcome: 'MATCH',
        score: expect.closeTo(0.8, 5) as number,
        threshold: expect.any(Number) as number,
        model: expect.any(String) as string,
      },
    });
    expect(await world.told('student.verified')).toBe(1);
    world.clock.advance(1_800_000);
    const later = await world.exams.handlers.identification.getVerification({ exam: exam.name }, exam.sitter);
    expect(later).toMatchObject({ state: VERIFICATION_STATE_PENDING, verifyTime: undefined });
  });

  test('somebody else is not verified, and five failures bring waits of 30 s', async () => {
    for (let left = 4; left >= 0; left--) {
      const { comparison, verification } = await show({ score: 0.1 });
      expect(comparison?.outcome).toBe(Outcome.OUTCOME_NO_MATCH);
      expect(verification).toMatchObject({ state: VERIFICATION_STATE_PENDING, attemptsLeft: left });
    }
    const before = world.analysed.count;
    const error = (await show({ score: 0.8 }).catch((e: unknown) => e)) as StatusError;
    expect(error.reason).toBe('TOO_MANY_ATTEMPTS');
    expect(error.details.retryAfterMs).toBe(30_000);
    expect(error.message).toContain('approve');
    expect(world.analysed.count).toBe(before);
    world.clock.advance(30_000);
    expect((await show({ score: 0.8 })).verification?.state).toBe(VERIFICATION_STATE_VERIFIED);
  });

  test('after fifty failures only staff help', async () => {
    for (let i = 0; i < 50; i++) {
      world.clock.advance(30_000);
      await show({ score: 0.1 });
    }
    world.clock.advance(3_600_000);
    const error = (await show({ score: 0.8 }).catch((e: unknown) => e)) as StatusError;
    expect([error.reason, error.details.retryAfterMs]).toEqual(['TOO_MANY_ATTEMPTS', undefined]);
    const { identification } = world.exams.handlers;
    const approved = await identification.approveStudent(
      { exam: exam.name, email: exam.student.email },
      exam.staff,
    );
    expect(approved).toMatchObject({
      state: VERIFICATION_STATE_VERIFIED,
      method: VerificationMethod.VERIFICATION_METHOD_STAFF,
    });
  });

  test.each<[string, Script, string]>([
    ['no face', { presence: 'NO_FACE' }, 'no face'],
    ['several faces', { presence: 'SEVERAL_FACES' }, 'several'],
    ['a poor picture', { sharp: false }, 'not good enough'],
    ['a score between the thresholds', { score: 0.38 }, 'neither'],
  ])('%s is inconclusive: no verification, no failure', async (_, script, reason) => {
    for (let i = 0; i < 7; i++) {
      const { comparison, verification } = await show(script);
      expect(comparison?.outcome).toBe(Outcome.OUTCOME_INCONCLUSIVE);
      expect(comparison?.reasons.join(' ')).toContain(reason);
      expect(verification).toMatchObject({ state: VERIFICATION_STATE_PENDING, attemptsLeft: 5 });
    }
    expect((await show()).verification?.state).toBe(VERIFICATION_STATE_VERIFIED);
  });

  test("what fails in the engine is nobody's failure", async () => {
    for (let i = 0; i < 8; i++) {
      const error = new StatusError('ENGINE_OVERLOADED', 'Busy.', { retryAfterMs: 100 });
      expect(await reasonOf(show({ error }))).toBe('ENGINE_OVERLOADED');
    }
    expect((await show()).verification).toMatchObject({
      state: VERIFICATION_STATE_VERIFIED,
      attemptsLeft: 5,
    });
  });

  test('liveness asks again only where the exam says so', async () => {
    expect((await show({ liveness: live('SPOOF_SUSPECTED') })).comparison?.outcome).toBe(
      Outcome.OUTCOME_MATCH,
    );
    exam = await examOf(world, {
      monitoring: {
        frameInterval: undefined,
        liveness: LivenessPolicy.LIVENESS_POLICY_ASK_AGAIN,
        minimumAssurance: Assurance.ASSURANCE_UNSPECIFIED,
      },
    });
    for (const script of [{ liveness: live('SPOOF_SUSPECTED') }, {}]) {
      const { comparison, verification } = await show(script);
      expect([comparison?.outcome, verification?.state]).toEqual([
        Outcome.OUTCOME_INCONCLUSIVE,
        VERIFICATION_STATE_PENDING,
      ]);
    }
    expect((await show({ liveness: live('LIVE') })).verification?.state).toBe(VERIFICATION_STATE_VERIFIED);
  });

  test('nothing is looked at, or written, without enrolment in the exam, consent and a fitting reference', async () => {
    const count = world.analysed.count;
    const stranger = world.ctx(world.person('eve@example.org').id);
    const image = await world.picture();
    const request = { exam: exam.name, image, operatingSystem: '' };
    const { identification } = world.exams.handlers;
    expect(await reasonOf(identification.identifyStudent(request, stranger))).toBe('EXAM_NOT_FOUND');
    expect(
      await reasonOf(identification.recordClaim({ exam: exam.name, subject: 'x', value: 'y' }, stranger)),
    ).toBe('EXAM_NOT_FOUND');
    expect(
      await reasonOf(
        identification.requestApproval({ exam: exam.name, approvalType: 'x', note: '' }, stranger),
      ),
    ).toBe('EXAM_NOT_FOUND');
    world.withdrawn.add(exam.student.id);
    expect(await reasonOf(show())).toBe('CONSENT_REQUIRED');
    world.withdrawn.clear();
    const reference = world.references.get(exam.student.id)!;
    const held = async (change: Partial<typeof reference> | null): Promise<string> => {
      if (change) world.references.set(exam.student.id, { ...reference, ...change });
      else world.references.delete(exam.student.id);
      return reasonOf(show());
    };
    expect(await held(null)).toBe('REFERENCE_MISSING');
    expect(await held({ complete: false })).toBe('REFERENCE_MISSING');
    expect(await held({ modelId: 'face-recognise-dlib-128/1' })).toBe('MODEL_MISMATCH');
    expect(world.analysed.count).toBe(count);
    expect(await world.storage.db('checks').select()).toEqual([]);
    expect(await world.storage.db('exam_claims').select()).toEqual([]);
    expect(await world.storage.db('verifications').select()).toEqual([]);
  });

  test('a match with a reference that was changed meanwhile verifies nobody', async () => {
    const changed = new StatusError('REFERENCE_MISSING', 'The face reference was changed meanwhile.');
    const references = {
      reference: () => Promise.resolve(world.references.get(exam.student.id)!),
      required: () => 1,
      replaceableUntil: () => Promise.resolve(null),
      recordMatch: () => Promise.reject(changed),
    };
    const { identification } = world.rewire({ references }).handlers;
    const request = { exam: exam.name, image: await world.picture(), operatingSystem: '' };
    expect(await reasonOf(identification.identifyStudent(request, exam.sitter))).toBe('REFERENCE_MISSING');
    expect(await world.storage.db('verifications').select()).toEqual([]);
    expect(await world.storage.db('check_attempts').select()).toEqual([]);
  });

  test('a changed reference ends what the one before had proven, and not what staff decided', async () => {
    const { identification, exams, proctoring } = world.exams.handlers;
    const change = () =>
      world.storage.transaction((tx) => world.exams.referenceChanged(tx, exam.student.id, 'REPLACED'));
    const state = async () => (await identification.getVerification({ exam: exam.name }, exam.sitter)).state;
    await show();
    expect(await state()).toBe(VERIFICATION_STATE_VERIFIED);
    await change();
    expect(await state()).toBe(VERIFICATION_STATE_PENDING);
    await exams.startExam({ name: exam.name }, exam.staff);
    expect(await reasonOf(proctoring.joinExam({ exam: exam.name }, exam.sitter))).toBe('NOT_VERIFIED');
    await identification.approveStudent({ exam: exam.name, email: exam.student.email }, exam.staff);
    await change();
    expect(await state()).toBe(VERIFICATION_STATE_VERIFIED);
  });

  test('where liveness is asked for, a wrong face still costs its attempts', async () => {
    exam = await examOf(world, {
      monitoring: {
        frameInterval: undefined,
        liveness: LivenessPolicy.LIVENESS_POLICY_ASK_AGAIN,
        minimumAssurance: Assurance.ASSURANCE_UNSPECIFIED,
      },
    });
    for (let left = 4; left >= 0; left--) {
      const { verification } = await show({ score: 0.1, liveness: live('SPOOF_SUSPECTED') });
      expect(verification?.attemptsLeft).toBe(left);
    }
    expect(await reasonOf(show())).toBe('TOO_MANY_ATTEMPTS');
  });

  test('a reference of too little assurance is refused', async () => {
    exam = await examOf(world, {
      monitoring: {
        frameInterval: undefined,
        liveness: LivenessPolicy.LIVENESS_POLICY_UNSPECIFIED,
        minimumAssurance: Assurance.ASSURANCE_STAFF_APPROVED,
      },
    });
    expect(await reasonOf(show())).toBe('ASSURANCE_TOO_LOW');
    const reference = world.references.get(exam.student.id)!;
    world.references.set(exam.student.id, { ...reference, assurance: 'DOCUMENT' });
    expect(await reasonOf(show())).toBe('OK');
  });

  test('a claim is kept and changes nothing', async () => {
    const { identification } = world.exams.handlers;
    const claim = { exam: exam.name, subject: 'identification_result', value: 'true' };
    expect((await identification.recordClaim(claim, exam.sitter)).state).toBe(VERIFICATION_STATE_PENDING);
    expect(await world.storage.db('exam_claims').pluck('value')).toEqual(['true']);
  });

  test('there is a way without any biometric or consent: the student asks, named staff approve', async () => {
    world.withdrawn.add(exam.student.id);
    world.references.delete(exam.student.id);
    const { identification, exams, proctoring } = world.exams.handlers;
    const asked = await identification.requestApproval(
      { exam: exam.name, approvalType: 'Passport', note: '' },
      exam.sitter,
    );
    expect(asked.state).toBe(VERIFICATION_STATE_APPROVAL_REQUESTED);
    const listed = await exams.listExamStudents({ exam: exam.name, pageSize: 0, pageToken: '' }, exam.staff);
    expect(listed.students[0]).toMatchObject({
      verification: VERIFICATION_STATE_APPROVAL_REQUESTED,
      approvalRequest: 'Passport',
    });
    const approve = (email: string, ctx = exam.staff): Promise<string> =>
      reasonOf(identification.approveStudent({ exam: exam.name, email }, ctx));
    world.person('bob@example.org');
    expect(await approve('bob@example.org')).toBe('USER_NOT_FOUND');
    expect(await approve(exam.student.email, exam.sitter)).toBe('ROLE_REQUIRED');
    expect(await approve(exam.student.email, world.ctx('other', 'INSTRUCTOR'))).toBe('EXAM_NOT_FOUND');
    expect(await approve('ANN@example.org')).toBe('OK');
    const row = (await world.storage.db('verifications').first()) as { approved_by: string };
    expect(row.approved_by).toBe(exam.owner.id);
    await exams.startExam({ name: exam.name }, exam.staff);
    const session = await proctoring.joinExam({ exam: exam.name }, exam.sitter);
    expect(session.leaveTime).toBeUndefined();
  });

  test('at the same moment, every attempt counts once', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => show({ score: 0.1 })));
    expect(answers).toHaveLength(4);
    const left = await world.exams.handlers.identification.getVerification({ exam: exam.name }, exam.sitter);
    expect(left.attemptsLeft).toBe(1);
    expect(await world.storage.db('check_attempts').pluck('outcome')).toEqual(Array(4).fill('NO_MATCH'));
  });

  test('an exam that is over verifies nobody', async () => {
    await world.exams.handlers.exams.startExam({ name: exam.name }, exam.staff);
    world.clock.advance(5_400_000);
    expect(await reasonOf(show())).toBe('EXAM_STATE');
    const { identification } = world.exams.handlers;
    expect(
      await reasonOf(
        identification.requestApproval({ exam: exam.name, approvalType: 'x', note: '' }, exam.sitter),
      ),
    ).toBe('EXAM_STATE');
  });
});
