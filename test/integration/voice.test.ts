import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { send } from '../http/support/facade.js';
import { startApp, type RunningApp } from '../support/app.js';
import { describeWithModels } from '../support/faces.js';
import { LONG, OTHER_READER, SAME_READER, speech } from '../support/speech.js';

const ADA = {
  organisation: 'organisations/UCY',
  email: 'ada@example.org',
  password: 'correct horse battery',
  givenName: 'Ada',
  familyName: 'Lovelace',
  role: Role.ROLE_STUDENT,
};

/** What a client of TRUSTID sees: real recordings, the real models, over HTTP. */
describeWithModels('a voice over REST', () => {
  let dataDir: string;
  let running: RunningApp;
  let token: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'probity-voice-'));
    running = await startApp({ PROBITY_DATA_DIR: dataDir });
    const { authentication, users, consents } = running.app.core;
    await users.registerUser(ADA);
    const refreshPolicy = RefreshPolicy.REFRESH_POLICY_ROTATING;
    token = (await authentication.logIn({ ...ADA, refreshPolicy })).accessToken;
    const { policies } = await consents.listPolicies({ languageCode: 'en' });
    const voice = policies.find(({ modality }) => modality === Modality.MODALITY_VOICE)!;
    const { modality, purpose, version: policyVersion } = voice;
    await consents.grantConsent({ modality, purpose, policyVersion }, { token });
  });
  afterAll(async () => {
    await running.stop();
    await rm(dataDir, { recursive: true });
  });

  const post = (at: string, body: URLSearchParams | FormData) =>
    send(`http://127.0.0.1:${running.httpPort}/biometrics/${at}`, 'POST', { token, body });
  const file = (fields: Record<string, string>, bytes: Buffer): FormData => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('src', new Blob([new Uint8Array(bytes)]), 'recording');
    return form;
  };
  const verified = async (bytes: Buffer) =>
    (await post('verify', file({ biometric_type: 'Voice', monitoring_type: 'Identification' }, bytes))).body;

  it('one long recording in base64 registers it, and it is listed', async () => {
    const fields = { biometric_type: 'Voice', voice_base64: LONG.toString('base64'), src: '' };
    const { status, body, text } = await post('register', new URLSearchParams(fields));
    expect({ status, body }).toEqual({
      status: 201,
      body: { biometric_type: 'Voice', voice_base64: '', src: expect.stringMatching(/^urn:uuid:/) as string },
    });
    expect(text.length).toBeLessThan(200);
    const { references } = await running.app.core.references.listReferences({ user: 'users/me' }, { token });
    expect(references).toMatchObject([
      { modality: Modality.MODALITY_VOICE, templateCount: 3, complete: true },
    ]);
  });

  it('the same reader matches, another does not, and a conversation tells nothing', async () => {
    expect(await verified(SAME_READER)).toMatchObject({ is_match: true, is_voice_detected: true });
    expect(await verified(OTHER_READER)).toMatchObject({ is_match: false, is_voice_detected: true });
    expect(await verified(speech('two-readers.opus'))).toMatchObject({
      is_match: false,
      is_voice_detected: true,
      message: expect.stringContaining('Several people speak') as string,
    });
  });

  it('what is no recording is a 400 that names the field', async () => {
    const { status, body } = await post(
      'register',
      file({ biometric_type: 'Voice' }, Buffer.from('no recording')),
    );
    expect(status).toBe(400);
    expect(body).toMatchObject({ bad_formatted_fields: ['voice_base64'] });
  });
});
