import { capture } from '../../scripts/demo/camera.js';
import type { StatusError } from '../../src/call/index.js';
import type { CallOptions, Core } from '../../src/grpc/index.js';
import { send } from '../http/support/facade.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';
import { Recorder } from './recorder.js';
import { dataDirectory, startService, type Service } from './service.js';
import { joinExam, startExam, type Sitting } from './sitting.js';

/* More pictures than one worker with a queue of two can take. */

const CROWD = 16;

describeWithModels('overload', () => {
  let service: Service;
  let core: Core;
  let sitting: Sitting;
  let student: CallOptions;
  let frames: Buffer[];

  beforeAll(async () => {
    frames = await Promise.all(Array.from({ length: CROWD }, (_, n) => capture(PORTRAITS.obama3, n)));
    service = await startService({
      PROBITY_DATA_DIR: await dataDirectory(),
      PROBITY_QUEUE_LIMIT: '2',
      PROBITY_WORKERS: '1',
    });
    core = await service.connect();
    sitting = await startExam(core, await service.admin());
    student = await joinExam(core, sitting, 'student@ucy.test');
  });

  const frameCount = async (): Promise<number> => {
    const page = { exam: sitting.exam, user: '', pageSize: 0, pageToken: '' };
    const { sessions } = await core.proctoring.listSessions(page, sitting.instructor);
    return sessions.reduce((sum, session) => sum + session.frameCount, 0);
  };

  it('over REST: 429 with Retry-After, and what was taken is kept once', async () => {
    const before = await frameCount();
    const post = (image: Buffer) =>
      send(`${service.url}/biometrics/monitoring_face/`, 'POST', {
        token: student.token!,
        body: { image: image.toString('base64'), exam_id: sitting.exam.split('/')[1] },
      });
    const answers = await Promise.all(frames.map(post));
    const taken = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 429);
    expect(taken.length + refused.length).toBe(CROWD);
    expect(taken.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, body } of refused) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(body).toEqual({ message: expect.any(String) as string });
    }
    expect(await frameCount()).toBe(before + taken.length);
    expect((await post(await capture(PORTRAITS.obama3, 100))).status).toBe(200);
    expect(await frameCount()).toBe(before + taken.length + 1);
  });

  it('over gRPC: RESOURCE_EXHAUSTED with RetryInfo, and it recovers', async () => {
    const before = await frameCount();
    const submit = (image: Buffer) =>
      core.monitor.submitFrame({ exam: sitting.exam, image, operatingSystem: '' }, student);
    const answers = await Promise.allSettled(frames.map(submit));
    const refused = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as StatusError] : [],
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(CROWD);
    for (const { reason, code, details } of refused) {
      expect([reason, code]).toEqual(['ENGINE_OVERLOADED', 8]);
      expect(details.retryAfterMs).toBeGreaterThan(0);
    }
    expect(await frameCount()).toBe(before + CROWD - refused.length);
    for (const image of frames.slice(0, 3)) await submit(image);
    expect(await frameCount()).toBe(before + CROWD - refused.length + 3);
  });

  it('a stream gives the frame back, takes it again, and counts it once', async () => {
    const other = await joinExam(core, sitting, 'other@ucy.test');
    const before = await frameCount();
    const recorder = new Recorder(sitting.exam, other, frames);
    const abort = new AbortController();
    const streaming = recorder.stream(core, abort.signal);
    await recorder.until(() => recorder.acknowledged.size === frames.length);
    abort.abort();
    expect((await streaming).end).toMatchObject({ reason: 'CANCELLED' });
    // Four frames may be in flight, where three have room.
    expect(recorder.rejections).toBeGreaterThan(0);
    expect(await frameCount()).toBe(before + frames.length);
    const findings = [...recorder.events.values()].flatMap((m) => (m?.$case === 'finding' ? [m.value] : []));
    expect(findings.map(({ frame }) => frame).sort((a, b) => a - b)).toEqual(frames.map((_, n) => n + 1));
    // What the server refused for its own sake is no odd capture.
    expect(findings.flatMap(({ anomalies }) => anomalies)).not.toContain('CAPTURE_ANOMALY_SEQUENCE_JUMP');
  });

  it('is ready all the time, and tells of it', async () => {
    expect((await send(`${service.url}/readyz`, 'GET')).status).toBe(200);
    const { text } = await send(`${service.url}/metrics`, 'GET');
    expect(text).toMatch(/^probity_rpc_seconds_count\{.*reason="ENGINE_OVERLOADED"/m);
    expect(text).toMatch(/^probity_http_seconds_count\{.*status="429"/m);
    expect(await core.models.listModels({}, student)).toMatchObject({ workers: 1, queuedJobs: 0 });
  });
});
