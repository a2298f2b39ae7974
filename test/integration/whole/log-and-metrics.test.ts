import { capture } from '../../../scripts/demo/camera.js';
import type { CallOptions, Core } from '../../../src/grpc/index.js';
import { send } from '../../http/support/facade.js';
import { describeWithModels, PORTRAITS } from '../../support/faces.js';
import { Recorder } from '../../resilience/recorder.js';
import { dataDirectory, startService, type Service } from '../../resilience/service.js';
import { joinExam, PASSWORD, startExam, type Account, type Sitting } from '../../resilience/sitting.js';

/* A whole loop, with everything logged that can be, and what operators see of it. */

describeWithModels('log and metrics of a whole loop', () => {
  let service: Service;
  let core: Core;
  let admin: Account;
  let sitting: Sitting;
  let student: CallOptions;
  const shots: Buffer[] = [];
  const refresh: string[] = [];

  beforeAll(async () => {
    service = await startService({ PROBITY_DATA_DIR: await dataDirectory(), PROBITY_LOG_LEVEL: 'trace' });
    core = await service.connect();
    admin = await service.admin();
    sitting = await startExam(core, admin);
    student = await joinExam(core, sitting, 'student@ucy.test');
    for (let n = 0; n < 3; n++) shots.push(await capture(PORTRAITS.obama3, n));
    const recorder = new Recorder(sitting.exam, student, shots.slice(0, 2));
    const abort = new AbortController();
    const streaming = recorder.stream(core, abort.signal);
    await recorder.until(() => recorder.acknowledged.size === 2);
    abort.abort();
    await streaming;

    const at = (path: string, body: object, token?: string) =>
      send(`${service.url}${path}`, 'POST', { body, ...(token && { token }) });
    const login = { email: 'student@ucy.test', password: PASSWORD, organization: 'UCY' };
    const { resource_obj: tokens } = (await at('/login', login)).body as {
      resource_obj: { access: string; refresh: string };
    };
    refresh.push(tokens.refresh, tokens.access);
    const image = shots[2]!.toString('base64');
    const exam_id = sitting.exam.split('/')[1];
    expect((await at('/refresh_token', tokens)).status).toBe(201);
    expect((await at('/biometrics/monitoring_face/', { image, exam_id }, tokens.access)).status).toBe(200);
    // And what fails: it is logged with more.
    expect((await at('/login', { ...login, password: `${PASSWORD}?` })).status).toBe(401);
    expect((await at('/refresh_token', { refresh: `${tokens.refresh}?` })).status).toBe(401);
    expect((await at('/biometrics/face_register', { image: `${image}*` }, tokens.access)).status).toBe(400);
    expect((await at('/biometrics/list', {}, `${tokens.access}?`)).status).toBe(405);
    expect((await at('/biometrics/unregister', { biometric_type: 'Face' }, `${tokens.access}?`)).status).toBe(
      401,
    );
  });

  it('has a line with a request id for every call, and none at level error', () => {
    const lines = service.lines.map(
      (line) => JSON.parse(line) as { level: number; rpc?: string; requestId?: string },
    );
    const calls = lines.filter(({ rpc }) => rpc !== undefined);
    expect(calls.length).toBeGreaterThan(10);
    for (const { requestId } of calls) expect(requestId).toMatch(/^[\w.:-]{1,64}$/);
    expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
  });

  it('has no picture, password or token in the log, not even at its most talkative', () => {
    const log = service.lines.join('\n');
    expect(log.length).toBeGreaterThan(1000);
    const pictures = [PORTRAITS.obama1, PORTRAITS.obama2, ...shots].flatMap((bytes) => {
      const middle = bytes.subarray(1000, 1060);
      return [middle.toString('base64'), middle.toString('hex'), middle.subarray(0, 6).join(',')];
    });
    const secrets = [PASSWORD, admin.password, student.token!, sitting.instructor.token!, ...refresh];
    for (const secret of [...secrets, ...secrets.map((s) => s.slice(-24)), ...pictures]) {
      expect(log.includes(secret)).toBe(false);
    }
    expect(log).not.toMatch(/eyJhbGci|\$argon2|-----BEGIN/);
  });

  it('has the named metrics', async () => {
    const { status, headers, text } = await send(`${service.url}/metrics`, 'GET');
    expect([status, headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/plain') as string,
    ]);
    const value = (sample: RegExp): number => {
      const line = text.split('\n').find((each) => sample.test(each));
      return line ? Number(line.split(' ').at(-1)) : NaN;
    };
    const monitor = '/probity.exams.v1.MonitorService/SubmitFrame';
    expect(value(new RegExp(`^probity_rpc_seconds_count\\{method="${monitor}",reason="OK"`))).toBe(1);
    expect(value(/^probity_rpc_seconds_count\{.*LogIn",reason="CREDENTIALS_WRONG"/)).toBe(1);
    expect(
      value(
        /^probity_http_seconds_count\{family="trustid",operation="loginCreate",method="POST",status="401"/,
      ),
    ).toBe(1);
    expect(value(/^probity_inference_job_seconds_count\{kind="face.analyse",outcome="OK"/)).toBe(5);
    expect(value(/^probity_inference_wait_seconds_count\{kind="face.analyse"/)).toBe(5);
    expect(value(/^probity_inference_stage_seconds_count\{kind="face.analyse",stage="decode"/)).toBe(5);
    expect(
      value(/^probity_inference_model_seconds_count\{kind="face.analyse",model="face-recognise/),
    ).toBeGreaterThanOrEqual(5);
    expect(value(/^probity_query_seconds_count/)).toBeGreaterThan(100);
    expect(value(/^probity_scheduled_job_seconds_count/)).toBeGreaterThan(0);
    expect(value(/^probity_inference_queue /)).toBe(0);
    expect(value(/^probity_inference_workers\{state="idle"/)).toBe(1);
    expect(value(/^process_resident_memory_bytes/)).toBeGreaterThan(0);
    expect(text).not.toContain('@ucy.test');
  });
});
