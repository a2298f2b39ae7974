import { systemClock } from '../../src/jobs/index.js';
import type { CallOptions, Core } from '../../src/grpc/index.js';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { VerificationState } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { send, type Answer } from '../http/support/facade.js';
import { enrolStudent, startExam } from '../resilience/sitting.js';
import type { RunningApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';
import { startFakeExpo, type FakeExpo } from '../support/fake-expo.js';

/*
 * The wallet as TRUSTID's phone and desktop use it, through an exam: real faces, and push messages over HTTP.
 */

const PHONE = 'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]';
const EMAIL = 'barack@ucy.test';

/** How far the clock of the service is ahead, in milliseconds. */
let ahead = 0;
const clock = { ...systemClock, now: () => Date.now() + ahead };

describeWithModels('a wallet through an exam', () => {
  let expo: FakeExpo;
  let running: RunningApp;
  let core: Core;
  let student: CallOptions;
  let instructor: CallOptions;
  let exam: string;
  let blob: string;

  beforeAll(async () => {
    expo = await startFakeExpo();
    // The SDK reads where Expo is when it is loaded.
    process.env['EXPO_BASE_URL'] = expo.url;
    const { startApp } = await import('../support/app.js');
    const settings = {
      PROBITY_OUTBOUND: 'yes',
      PROBITY_OUTBOUND_ALLOW: '127.0.0.1',
      PROBITY_PUSH: 'expo',
    };
    running = await startApp(settings, { clock });
    core = running.app.core;
    const sitting = await startExam(core, running.admin);
    ({ exam, instructor } = sitting);
    student = await enrolStudent(core, sitting, EMAIL);
  });
  afterAll(async () => {
    delete process.env['EXPO_BASE_URL'];
    await running.stop();
    await expo.close();
  });

  const call = (method: 'GET' | 'POST', at: string, body?: object): Promise<Answer> =>
    send(`http://127.0.0.1:${running.httpPort}/biometrics/${at}`, method, {
      token: student.token!,
      ...(body && { body }),
    });
  const models = async (at: string): Promise<unknown> =>
    ((await call('GET', at)).body as { resource_dict: unknown }).resource_dict;
  const give = (face: string): Promise<Answer> =>
    call('POST', 'wallet/send', { face_embeddings: face, voice_embeddings: '' });
  const verify = (): Promise<Answer> =>
    call('POST', 'face_verify', {
      image: PORTRAITS.obama2.toString('base64'),
      exam_id: exam.split('/')[1],
    });
  const only = (face: boolean) => ({ Face: face, Voice: false, Handwriting: false });

  it('the phone gets the model, and the server keeps its own until it has seen it again', async () => {
    const answer = await call('POST', 'wallet/face', { expoPushToken: PHONE });
    expect(answer.status).toBe(200);
    [blob] = (answer.body as { resource_array: [string] }).resource_array;
    expect([await models('wallet/status'), await models('server_status')]).toEqual([only(true), only(true)]);
    expect(await give(blob)).toMatchObject({ status: 200, body: { resource_array: [] } });
    expect([await models('wallet/status'), await models('server_status')]).toEqual([only(true), only(false)]);
    expect((await call('GET', 'list')).body).toMatchObject({ resource_array: ['Face'] });
  });

  it('the student is told that the phone has it, and is not locked out', async () => {
    expect(await verify()).toMatchObject({
      status: 404,
      body: { resource_name: 'face', message: expect.stringContaining('The phone has') as string },
    });
    await core.identification.requestApproval({ exam, approvalType: 'lost phone', note: '' }, student);
    const approved = await core.identification.approveStudent({ exam, email: EMAIL }, instructor);
    expect(approved.state).toBe(VerificationState.VERIFICATION_STATE_VERIFIED);
  });

  it('the phone is asked, once a minute, in words that say nothing', async () => {
    for (const message of ['The phone was asked.', 'The phone was asked less than a minute ago.']) {
      const answer = await call('GET', 'push_notification');
      expect(answer).toMatchObject({ status: 200, body: { message, resource_array: ['Face'] } });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect(expo.received).toHaveLength(1);
    const { message } = expo.received[0]!;
    expect(message.to).toBe(PHONE);
    expect(JSON.stringify(message)).not.toMatch(/algebra|face|exam|barack/i);
  });

  it('the student gives it, and is verified', async () => {
    expect(await give(blob)).toMatchObject({ status: 200, body: { resource_array: ['Face'] } });
    expect(await models('server_status')).toEqual(only(true));
    expect(await verify()).toMatchObject({ status: 200, body: { resource_bool: true } });
  });

  it('the server has none when the exam is over', async () => {
    ahead += 2 * 3_600_000;
    // It also runs by itself, each minute.
    await eventually(async () => expect(await running.app.wake('wallet-loans')).toBe('ok'));
    ahead = 0;
    expect([await models('wallet/status'), await models('server_status')]).toEqual([only(true), only(false)]);
  });

  it('a phone that is gone is asked no more; who takes their consent back leaves a blob that nobody can read', async () => {
    expo.unregistered.atOnce.add(PHONE);
    ahead += 2 * 60_000;
    expect((await call('GET', 'push_notification')).body).toMatchObject({
      message: 'No phone is registered; open the wallet.',
    });
    ahead = 0;
    const { policies } = await core.consents.listPolicies({ languageCode: 'en' });
    const policy = policies.find(({ modality }) => modality === Modality.MODALITY_FACE)!;
    await core.consents.revokeConsent({ modality: policy.modality, purpose: policy.purpose }, student);
    expect(await give(blob)).toMatchObject({
      status: 400,
      body: { bad_formatted_fields: ['face_embeddings'] },
    });
    expect([await models('wallet/status'), await models('server_status')]).toEqual([
      only(false),
      only(false),
    ]);
  });
});
