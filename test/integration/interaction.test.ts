import { Outcome } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import type { CallOptions, Core } from '../../src/grpc/index.js';
import { everything, typist } from '../biometrics/interaction/typists.js';
import { send } from '../http/support/facade.js';
import { enrolStudent, startExam, type Sitting } from '../resilience/sitting.js';
import { startApp, type RunningApp } from '../support/app.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';

/*
 * Typing through the whole service: trained and tested by TRUSTID's client, then watched in an exam. Made-up typists,
 * real workers.
 */
describeWithModels('interaction, whole', () => {
  let running: RunningApp;
  let core: Core;
  let sitting: Sitting;
  let student: CallOptions;
  const [ann, stranger] = [typist(0), typist(4)];
  beforeAll(async () => {
    running = await startApp();
    core = running.app.core;
    sitting = await startExam(core, running.admin);
    student = await enrolStudent(core, sitting, 'typist@ucy.test');
  });
  afterAll(() => running.stop());

  const trustid = (at: 'train' | 'test', body: object) =>
    send(`http://127.0.0.1:${running.httpPort}/biometrics/interaction/${at}`, 'POST', {
      body,
      token: student.token!,
    });
  const submitted = async (dataset: string) =>
    core.monitor.submitSample(
      { exam: sitting.exam, sample: { $case: 'interaction', value: Buffer.from(dataset) } },
      student,
    );

  it('asks for consent first, with the text that says what typing is used for', async () => {
    const { status, body } = await trustid('train', { training_dataset: everything(ann) });
    expect(status).toBe(403);
    expect(body).toEqual({ message: expect.stringContaining('/probity/v1/consents') as string });
    const { policies } = await core.consents.listPolicies({ languageCode: 'en' }, {});
    const { modality, purpose, version, text } = policies.find(
      (policy) => policy.modality === Modality.MODALITY_INTERACTION,
    )!;
    expect(text).toMatch(/neither the recordings nor what I typed are kept/);
    await core.consents.grantConsent({ modality, purpose, policyVersion: version }, student);
  });

  it('is trained and tested over TRUSTID', async () => {
    const refused = await trustid('train', { training_dataset: '{"format":"another"}' });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ bad_formatted_fields: ['training_dataset'] });
    expect((await trustid('test', { testing_dataset: everything(ann) })).status).toBe(404);
    expect(await trustid('train', { training_dataset: everything(ann) })).toMatchObject({
      status: 200,
      body: { message: 'The interaction was trained.', resource_name: 'interaction' },
    });
    expect(await trustid('test', { testing_dataset: everything(ann) })).toMatchObject({
      status: 200,
      body: { message: 'The interaction matches the trained one.' },
    });
    expect(await trustid('test', { testing_dataset: everything(stranger) })).toMatchObject({
      status: 200,
      body: { message: 'The interaction does not match the trained one.' },
    });
  });

  it('is watched in the exam: a stranger at the keyboard counts against the student', async () => {
    const probe = { exam: sitting.exam, image: PORTRAITS.obama2, operatingSystem: 'Linux' };
    await core.identification.identifyStudent(probe, student);
    await core.proctoring.joinExam({ exam: sitting.exam }, student);
    const own = await submitted(everything(ann));
    expect(own).toMatchObject({
      modality: Modality.MODALITY_INTERACTION,
      comparison: { outcome: Outcome.OUTCOME_MATCH, model: 'interaction-rhythm/1' },
    });
    const other = await submitted(everything(stranger));
    expect(other.comparison).toMatchObject({ outcome: Outcome.OUTCOME_NO_MATCH });
    expect(other.identity!.evidence).toBeGreaterThan(own.identity!.evidence);
  });
});
