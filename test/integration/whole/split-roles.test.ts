import path from 'node:path';
import { capture } from '../../../scripts/demo/camera.js';
import type { ClientTls } from '../../../src/grpc/index.js';
import { dataDirectory, startService, type Service, type Settings } from '../../resilience/service.js';
import { send, type Answer } from '../../http/support/facade.js';
import { certificates } from '../../support/certificates.js';
import { eventually } from '../../support/eventually.js';
import { describeWithModels, PORTRAITS } from '../../support/faces.js';
import { PASSWORD } from '../../resilience/sitting.js';

/* A core and a façade in two processes, which prove themselves to each other by certificates. */

describeWithModels('roles in two processes, over mutual TLS', () => {
  let folder: string;
  let coreSettings: Settings;
  let core: Service;
  let facade: Service;
  let facadeSettings: Settings;
  const file = (name: string): string => path.join(folder, name);

  beforeAll(async () => {
    folder = await dataDirectory();
    await certificates(folder, 'authority', ['server', 'client']);
    await certificates(folder, 'impostor', ['stranger']);
    coreSettings = {
      PROBITY_DATA_DIR: await dataDirectory(),
      PROBITY_ROLES: 'grpc,jobs',
      PROBITY_REGISTRATION: 'open',
      PROBITY_TLS_CERT_FILE: file('server.crt'),
      PROBITY_TLS_KEY_FILE: file('server.key'),
      PROBITY_TLS_CLIENT_CA_FILE: file('authority.crt'),
    };
    core = await startService(coreSettings);
    facadeSettings = {
      PROBITY_DATA_DIR: await dataDirectory(),
      PROBITY_ROLES: 'http',
      PROBITY_CORE_ADDRESS: `localhost:${core.grpcPort}`,
      PROBITY_CORE_CA_FILE: file('authority.crt'),
      PROBITY_CORE_CERT_FILE: file('client.crt'),
      PROBITY_CORE_KEY_FILE: file('client.key'),
    };
    facade = await startService(facadeSettings);
  });

  const post = (at: string, body: object, token?: string): Promise<Answer> =>
    send(`${facade.url}${at}`, 'POST', { body, ...(token !== undefined && { token }) });
  const signUp = async (email: string, role: string): Promise<string> => {
    const who = { email, organization: 'UCY', password: PASSWORD };
    expect((await post('/register_user', { ...who, name: 'A', surname: 'B', role })).status).toBe(200);
    const { status, body } = await post('/login', who);
    expect(status).toBe(201);
    return (body as { resource_obj: { access: string } }).resource_obj.access;
  };

  it('play the TRUSTID loop', async () => {
    expect([core.httpPort, facade.grpcPort]).toEqual([null, null]);
    const teacher = await signUp('teacher@ucy.test', 'INSTRUCTOR');
    const student = await signUp('student@ucy.test', 'STUDENT');
    const { policies } = (await send(`${facade.url}/probity/v1/consent-policies`, 'GET')).body as {
      policies: { modality: string; version: string }[];
    };
    const policyVersion = policies.find(({ modality }) => modality === 'FACE')!.version;
    const consent = { modality: 'FACE', purpose: 'EXAM_IDENTITY', policyVersion };
    expect((await post('/probity/v1/consents', consent, student)).status).toBe(201);

    const base64 = (picture: Buffer): string => picture.toString('base64');
    const added = {
      ...{ name: 'Algebra', duration: 60, exam_type: 'Written', privacy_policy: 'None.' },
      scheduled_date: new Date(Date.now() + 60_000).toISOString(),
    };
    const exam_id = 1;
    const steps: [string, string, object][] = [
      [student, '/biometrics/face_register', { image: base64(PORTRAITS.obama1) }],
      [teacher, '/instructor/add_exam', added],
      [
        teacher,
        '/instructor/sync_courses_exams',
        { details: { exam_id, students: [{ email: 'student@ucy.test' }] } },
      ],
      [teacher, '/update_exam_condition', { exam_id, condition: 'Start' }],
      [student, '/biometrics/face_verify', { exam_id, image: base64(PORTRAITS.obama2) }],
      [student, '/update_exam_condition', { exam_id, condition: 'Join' }],
      [
        student,
        '/biometrics/monitoring_face/',
        { exam_id, image: base64(await capture(PORTRAITS.obama3, 1)) },
      ],
      [student, '/update_exam_condition', { exam_id, condition: 'Leave' }],
    ];
    for (const [token, at, body] of steps) {
      const answer = await post(at, body, token);
      expect([at, answer.status]).toEqual([at, 200]);
      if (at === '/biometrics/face_verify') expect(answer.body).toMatchObject({ resource_bool: true });
      if (at === '/biometrics/monitoring_face/') {
        expect((answer.body as { message: string }).message).toContain('matches');
      }
    }
    const unread = await post('/biometrics/face_register', { image: base64(Buffer.from('x')) }, student);
    expect([unread.status, unread.body]).toMatchObject([400, { bad_formatted_fields: ['image'] }]);
  });

  it('the core talks to nobody without a certificate of its authority', async () => {
    const tls: ClientTls[] = [
      { caFile: file('authority.crt') },
      { caFile: file('authority.crt'), certFile: file('stranger.crt'), keyFile: file('stranger.key') },
    ];
    for (const each of tls) {
      const stranger = await core.connect(each);
      await expect(stranger.consents.listPolicies({ languageCode: 'en' })).rejects.toMatchObject({
        reason: 'CORE_UNAVAILABLE',
      });
    }
    const known = await core.connect({
      ...{ caFile: file('authority.crt'), certFile: file('client.crt'), keyFile: file('client.key') },
    });
    expect((await known.consents.listPolicies({ languageCode: 'en' })).policies.length).toBeGreaterThan(0);
  });

  it('the façade answers 503 while the core is down, and serves on when it is back', async () => {
    expect((await send(`${facade.url}/readyz`, 'GET')).body).toMatchObject({ checks: { core: true } });
    core.signal('SIGTERM');
    expect((await core.ended).code).toBe(0);
    const login = { email: 'student@ucy.test', password: PASSWORD, organization: 'UCY' };
    const refused = await post('/login', login);
    expect([refused.status, refused.body]).toEqual([503, { message: expect.any(String) as string }]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const unready = await send(`${facade.url}/readyz`, 'GET');
    expect([unready.status, unready.body]).toMatchObject([503, { checks: { core: false } }]);
    expect((await send(`${facade.url}/healthz`, 'GET')).status).toBe(200);

    core = await startService({ ...coreSettings, PROBITY_GRPC_PORT: String(core.grpcPort) });
    await eventually(async () => expect((await post('/login', login)).status).toBe(201), {
      withinMs: 120_000,
    });
    expect((await send(`${facade.url}/readyz`, 'GET')).status).toBe(200);
    facade.signal('SIGTERM');
    expect(await facade.ended).toEqual({ code: 0, signal: null });
  });
});
