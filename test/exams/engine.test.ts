import { createHash } from 'node:crypto';
import sharp from 'sharp';
import {
  createFaceAnalyser,
  entriesOf,
  loadManifest,
  type Engine,
  type FaceAnalyser,
} from '../../src/biometrics/index.js';
import type { Exams } from '../../src/exams/index.js';
import { Outcome } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import type { FrameFinding } from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import { AlertType } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { databases } from '../support/databases.js';
import { describeWithModels, EVERYTHING, MODELS_DIR, PORTRAITS, testEngine } from '../support/faces.js';
import { MonitorClient } from './client.js';
import { createWorld, examOf, type World } from './world.js';

const recogniser = entriesOf(loadManifest(MODELS_DIR), 'face.recognise')[0]!;

describeWithModels('an exam with real faces', () => {
  let engine: Engine;
  let analyser: FaceAnalyser;
  let world: World;
  let exams: Exams;

  beforeAll(async () => {
    engine = testEngine();
    await engine.ready;
    analyser = createFaceAnalyser(engine);
  });
  afterAll(() => engine.drain());
  beforeEach(async () => {
    world = createWorld(await databases[0]!.open());
    exams = world.rewire({ analyser });
  });

  /** Another capture of the same scene: a little of the edge is lost, and the light is another. */
  async function capture(picture: Buffer, n: number): Promise<Buffer> {
    const { width, height } = await sharp(picture).metadata();
    const lost = Math.ceil(width * 0.01 * (n + 1));
    return sharp(picture)
      .extract({ left: lost, top: lost, width: width - 2 * lost, height: height - 2 * lost })
      .modulate({ brightness: 1 + 0.04 * n })
      .jpeg({ quality: 90 })
      .toBuffer();
  }

  test('the student is verified by another picture of theirs, and a swap is told, from several frames', async () => {
    const exam = await examOf(world);
    const { identification, proctoring } = exams.handlers;
    const enrolled = await analyser.analyse(PORTRAITS.obama1, EVERYTHING);
    const reference = world.references.get(exam.student.id)!;
    world.references.set(exam.student.id, {
      ...reference,
      modelId: recogniser.id,
      open: () => Promise.resolve([enrolled.primary!.template!]),
    });
    const identify = async (image: Buffer): Promise<Outcome | undefined> => {
      const request = { exam: exam.name, image, operatingSystem: '' };
      return (await identification.identifyStudent(request, exam.sitter)).comparison?.outcome;
    };
    expect(await identify(PORTRAITS.biden)).toBe(Outcome.OUTCOME_NO_MATCH);
    expect(await identify(PORTRAITS.obama2)).toBe(Outcome.OUTCOME_MATCH);
    await exams.handlers.exams.startExam({ name: exam.name }, exam.staff);
    await proctoring.joinExam({ exam: exam.name }, exam.sitter);

    const client = new MonitorClient(exams, exam.sitter).open(exam.name);
    await client.next();
    const findings: FrameFinding[] = [];
    const shots = [PORTRAITS.obama2, PORTRAITS.obama3, ...Array.from({ length: 6 }, () => PORTRAITS.biden)];
    for (const [n, picture] of shots.entries()) {
      world.clock.advance(10_000);
      const answer = await client.frame(n + 1, await capture(picture, n)).next();
      if (answer?.message?.$case === 'finding') findings.push(answer.message.value);
    }
    await client.end().rest();
    expect(findings.map(({ comparison }) => comparison?.outcome)).toEqual([
      ...Array<Outcome>(2).fill(Outcome.OUTCOME_MATCH),
      ...Array<Outcome>(6).fill(Outcome.OUTCOME_NO_MATCH),
    ]);
    expect(findings.slice(0, 5).flatMap(({ alerts }) => alerts)).toEqual([]);
    const [alert, ...others] = (
      await proctoring.listAlerts({ exam: exam.name, user: '', pageSize: 0, pageToken: '' }, exam.staff)
    ).alerts;
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      type: AlertType.ALERT_TYPE_DIFFERENT_PERSON,
      hasEvidence: true,
      model: recogniser.id,
    });
    const evidence = await proctoring.getEvidence({ alert: alert!.name }, exam.staff);
    const shown = await analyser.analyse(Buffer.from(evidence.image), EVERYTHING);
    expect(shown.presence).toBe('ONE_FACE');
  });

  test('a copy of a frame in another size is told as no new capture', async () => {
    const exam = await examOf(world);
    const { identification, proctoring, monitor } = exams.handlers;
    const enrolled = await analyser.analyse(PORTRAITS.obama1, EVERYTHING);
    const reference = world.references.get(exam.student.id)!;
    const open = () => Promise.resolve([enrolled.primary!.template!]);
    world.references.set(exam.student.id, { ...reference, open });
    await exams.handlers.exams.startExam({ name: exam.name }, exam.staff);
    await identification.identifyStudent(
      { exam: exam.name, image: PORTRAITS.obama2, operatingSystem: '' },
      exam.sitter,
    );
    await proctoring.joinExam({ exam: exam.name }, exam.sitter);
    const copies = [PORTRAITS.obama3];
    for (const quality of [80, 60]) copies.push(await sharp(PORTRAITS.obama3).jpeg({ quality }).toBuffer());
    expect(new Set(copies.map((each) => createHash('sha256').update(each).digest('hex'))).size).toBe(3);
    const alerts: AlertType[] = [];
    for (const image of copies) {
      world.clock.advance(10_000);
      const finding = await monitor.submitFrame({ exam: exam.name, image, operatingSystem: '' }, exam.sitter);
      alerts.push(...finding.alerts.map(({ type }) => type));
    }
    expect(alerts).toEqual([AlertType.ALERT_TYPE_REPLAYED_FRAME]);
  });
});
