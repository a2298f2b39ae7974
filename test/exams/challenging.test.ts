import type { StatusError } from '../../src/call/index.js';
import { Outcome, Remark } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { Assurance } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import {
  ChallengeState,
  ChallengeStep,
  type Challenge,
} from '../../src/grpc/gen/probity/exams/v1/capture_service.js';
import { LivenessPolicy, VerificationState } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { databases } from '../support/databases.js';
import { createWorld, examOf, type Script, type World } from './world.js';

const { CHALLENGE_STATE_OPEN, CHALLENGE_STATE_PASSED, CHALLENGE_STATE_FAILED, CHALLENGE_STATE_EXPIRED } =
  ChallengeState;
const monitoring = {
  frameInterval: undefined,
  liveness: LivenessPolicy.LIVENESS_POLICY_CHALLENGE,
  minimumAssurance: Assurance.ASSURANCE_UNSPECIFIED,
};
const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => (error as StatusError).reason,
  );

/** The world draws the first of what is left: left, right, blink. */
const LEFT: Script = { movement: { yaw: -18, noseAside: 0.22 } };
const RIGHT: Script = { movement: { yaw: 18, noseAside: -0.22 } };
const CLOSED: Script = { movement: { closed: 0.95 } };
const SOMEBODY_ELSE: Script = { score: 0.05 };
const WHOLE: Script[] = [{}, {}, {}, {}, LEFT, {}, RIGHT, {}, CLOSED, {}];

describe.each(databases)('challenges on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof examOf>>;
  beforeEach(async () => {
    world = createWorld(await open());
    exam = await examOf(world, { monitoring });
  });

  const start = (): Promise<Challenge> =>
    world.exams.handlers.capture.startChallenge({ exam: exam.name }, exam.sitter);
  const send = (challenge: string, image: Buffer, sitter = exam.sitter): Promise<Challenge> =>
    world.exams.handlers.capture.sendChallengeFrame({ challenge, image }, sitter);
  /** Frames 600 ms apart, until the challenge is over. */
  const play = async (name: string, scripts: Script[]): Promise<Challenge> => {
    let last: Challenge | undefined;
    for (const script of scripts) {
      world.clock.advance(600);
      last = await send(name, await world.picture(script));
      if (last.state !== CHALLENGE_STATE_OPEN) break;
    }
    return last!;
  };
  const pass = async (): Promise<Challenge> => play((await start()).name, WHOLE);
  const identify = async (script: Script = {}) =>
    world.exams.handlers.identification.identifyStudent(
      { exam: exam.name, image: await world.picture(script), operatingSystem: '' },
      exam.sitter,
    );
  const checklist = () => world.exams.handlers.capture.getCapture({ exam: exam.name }, exam.sitter);

  test('one is opened, passed step by step, and good for one identification', async () => {
    const count = world.analysed.count;
    expect(await reasonOf(identify())).toBe('CHALLENGE_REQUIRED');
    expect(world.analysed.count).toBe(count);
    const opened = await start();
    expect(opened).toMatchObject({
      name: expect.stringMatching(/^exams\/\d+\/challenges\/[0-9a-f-]{36}$/) as string,
      steps: [
        ChallengeStep.CHALLENGE_STEP_LOOK_STRAIGHT,
        ChallengeStep.CHALLENGE_STEP_TURN_LEFT,
        ChallengeStep.CHALLENGE_STEP_TURN_RIGHT,
        ChallengeStep.CHALLENGE_STEP_BLINK,
      ],
      state: CHALLENGE_STATE_OPEN,
      step: 0,
      progress: 0,
      expireTime: new Date(world.clock.now() + 90_000),
    });
    expect(await play(opened.name, WHOLE.slice(0, 3))).toMatchObject({ step: 1, progress: 0.25 });
    expect(await reasonOf(identify())).toBe('CHALLENGE_REQUIRED');
    expect(await play(opened.name, WHOLE.slice(3))).toMatchObject({
      state: CHALLENGE_STATE_PASSED,
      step: 4,
      progress: 1,
    });
    expect(await checklist()).toMatchObject({ challengeRequired: true, challengePassed: true });

    // What could not be compared uses nothing up.
    expect((await identify({ presence: 'NO_FACE' })).comparison?.outcome).toBe(Outcome.OUTCOME_INCONCLUSIVE);
    const { verification } = await identify();
    expect(verification?.state).toBe(VerificationState.VERIFICATION_STATE_VERIFIED);
    expect(await checklist()).toMatchObject({ challengePassed: false });
    expect(await reasonOf(identify())).toBe('CHALLENGE_REQUIRED');
    const entries = await world.audited();
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['challenge.started', 'challenge.passed', 'student.verified']),
    );
  });

  test('a passed one is good for two minutes', async () => {
    await pass();
    world.clock.advance(120_001);
    expect(await reasonOf(identify())).toBe('CHALLENGE_REQUIRED');
    await pass();
    world.clock.advance(120_000);
    expect(await reasonOf(identify())).toBe('OK');
  });

  test('two identifications at once rest on it once', async () => {
    await pass();
    const reasons = await Promise.all([reasonOf(identify()), reasonOf(identify())]);
    expect(reasons.sort()).toEqual(['CHALLENGE_REQUIRED', 'OK']);
  });

  test('somebody else in the middle of it ends it, and is an attempt to pass for the student', async () => {
    const { name } = await start();
    await play(name, WHOLE.slice(0, 6));
    const first = await play(name, [SOMEBODY_ELSE]);
    expect(first).toMatchObject({ state: CHALLENGE_STATE_OPEN, remarks: [Remark.REMARK_ANOTHER_PERSON] });
    expect(await play(name, [SOMEBODY_ELSE, SOMEBODY_ELSE])).toMatchObject({ state: CHALLENGE_STATE_FAILED });
    const count = world.analysed.count;
    expect(await play(name, [RIGHT])).toMatchObject({ state: CHALLENGE_STATE_FAILED, step: 2 });
    expect(world.analysed.count).toBe(count);
    const failures = (await world.storage
      .db('throttles')
      .where('key', 'like', 'face:%')
      .pluck('failures')) as number[];
    expect(failures).toEqual([1]);
    expect((await world.audited()).find(({ action }) => action === 'challenge.failed')).toMatchObject({
      details: { score: expect.closeTo(0.05, 5) as number },
    });
  });

  test('it ends after a minute and a half', async () => {
    const { name } = await start();
    await play(name, WHOLE.slice(0, 6));
    world.clock.advance(90_000);
    expect(await play(name, [RIGHT])).toMatchObject({ state: CHALLENGE_STATE_EXPIRED, step: 2 });
  });

  test('frames that counted before do not count again: the same bytes, or a copy of them', async () => {
    const fingerprint = Buffer.alloc(256, 90);
    await play((await start()).name, [...WHOLE.slice(0, 4), { ...LEFT, fingerprint }, {}]);
    const { name } = await start();
    const again = await play(name, [...WHOLE.slice(0, 4), { ...LEFT, fingerprint: Buffer.alloc(256, 91) }]);
    expect(again).toMatchObject({ step: 1, remarks: [Remark.REMARK_SEEN_BEFORE] });
    expect(await play(name, [LEFT])).toMatchObject({ step: 2 });

    const { name: third } = await start();
    const image = await world.picture();
    for (let i = 0; i < 5; i++) expect((await send(third, image)).step).toBe(0);
  });

  test('only the latest one is there, and only for its student', async () => {
    const first = await start();
    const second = await start();
    const image = await world.picture();
    expect(await reasonOf(send(first.name, image))).toBe('CHALLENGE_NOT_FOUND');
    const eve = world.person('eve@example.org');
    expect(await reasonOf(send(second.name, image, world.ctx(eve.id)))).toBe('EXAM_NOT_FOUND');
    const other = await examOf(world);
    const id = second.name.split('/').at(-1)!;
    expect(await reasonOf(send(`${other.name}/challenges/${id}`, image))).toBe('CHALLENGE_NOT_FOUND');
    expect(await reasonOf(send(second.name, image))).toBe('OK');
  });

  test('frames sent side by side are told apart: each step is done once', async () => {
    const { name } = await start();
    await play(name, WHOLE.slice(0, 4));
    world.clock.advance(600);
    const pictures = await Promise.all([LEFT, LEFT, LEFT].map((script) => world.picture(script)));
    await Promise.all(pictures.map((picture) => send(name, picture)));
    expect(await world.storage.db('check_attempts').pluck('step')).toEqual(['LOOK_STRAIGHT', 'TURN_LEFT']);
  });

  test('five may go unpassed, then each waits, and after twenty only staff help', async () => {
    for (let i = 0; i < 5; i++) expect(await reasonOf(start())).toBe('OK');
    const error = (await start().catch((e: unknown) => e)) as StatusError;
    expect([error.reason, error.details.retryAfterMs]).toEqual(['TOO_MANY_ATTEMPTS', 30_000]);
    expect(error.message).toContain('approve');
    for (let i = 5; i < 20; i++) {
      world.clock.advance(30_000);
      expect(await reasonOf(start())).toBe('OK');
    }
    world.clock.advance(3_600_000);
    const over = (await start().catch((e: unknown) => e)) as StatusError;
    expect([over.reason, over.details.retryAfterMs]).toEqual(['TOO_MANY_ATTEMPTS', undefined]);
    const { identification } = world.exams.handlers;
    await identification.approveStudent({ exam: exam.name, email: exam.student.email }, exam.staff);
    expect(await reasonOf(start())).toBe('OK');
  });

  test('a passed one forgets those before it', async () => {
    for (let i = 0; i < 4; i++) await start();
    await pass();
    for (let i = 0; i < 5; i++) expect(await reasonOf(start())).toBe('OK');
  });

  test('consent and a fitting reference stand before it, and consent is asked for again at every frame', async () => {
    world.withdrawn.add(exam.student.id);
    expect(await reasonOf(start())).toBe('CONSENT_REQUIRED');
    world.withdrawn.clear();
    const { name } = await start();
    world.withdrawn.add(exam.student.id);
    expect(await reasonOf(send(name, await world.picture()))).toBe('CONSENT_REQUIRED');
    world.withdrawn.clear();
    world.references.delete(exam.student.id);
    expect(await reasonOf(start())).toBe('REFERENCE_MISSING');
  });

  const kept = (): Promise<unknown[]> => world.storage.db('challenges').select('check_id');

  test('it is exported and erased', async () => {
    const { subjectData } = world.exams;
    await pass();
    const exported = (await subjectData.export(world.storage.db, exam.student.id)) as Record<
      string,
      unknown[]
    >;
    expect(exported['challenges']).toHaveLength(1);
    await start();
    const erased = await world.storage.transaction((tx) => subjectData.erase(tx, exam.student.id));
    expect(erased).toMatchObject({ challenges: 2, throttles: 1 });
    expect(await kept()).toEqual([]);
    expect(await world.storage.db('throttles').where('key', 'like', 'challenge:%')).toEqual([]);
  });

  test('it is kept as long as findings are', async () => {
    const { subjectData } = world.exams;
    await pass();
    await subjectData.expire(world.clock.now() + 179 * 86_400_000, 100);
    expect(await kept()).toHaveLength(1);
    await subjectData.expire(world.clock.now() + 181 * 86_400_000, 100);
    expect(await kept()).toEqual([]);
  });

  test('an exam that is deleted before it began takes them along', async () => {
    await start();
    await world.exams.handlers.exams.deleteExam({ name: exam.name }, exam.staff);
    expect(await world.storage.db('challenges')).toEqual([]);
  });
});
