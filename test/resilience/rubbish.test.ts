import { Readable } from 'node:stream';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import sharp from 'sharp';
import { z } from 'zod';
import { emptyRoom } from '../../scripts/demo/camera.js';
import { StatusError } from '../../src/call/index.js';
import type { CallOptions, Core } from '../../src/grpc/index.js';
import { PUBLIC_METHODS, services } from '../../src/grpc/core.js';
import type { ServiceDefinition } from '../../src/grpc/service.js';
import { Exam, ExamType } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import type { MonitorRequest } from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import { families, send, type Answer } from '../http/support/facade.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';
import { dataDirectory, startService, type Service } from './service.js';
import { joinExam, logIn, PASSWORD, startExam, type Account, type Sitting } from './sitting.js';

/*
 * Rubbish, over REST and gRPC, into one service in the middle of an exam: each gets its documented error, and
 * afterwards the same process is as ready, and knows as much, as before.
 */

const trustid = families().find(({ name }) => name === 'trustid')!;
const definitions = Object.values(services) as ServiceDefinition[];
const pictureOf = (side: number): Promise<Buffer> =>
  sharp({ create: { width: side, height: side, channels: 3, background: '#888' } })
    .png()
    .toBuffer();

describeWithModels('rubbish in', () => {
  let service: Service;
  let core: Core;
  let admin: Account;
  let sitting: Sitting;
  let student: CallOptions;
  /** Of another organisation. */
  let stranger: Sitting;
  let strangersAdmin: Account;
  /** An exam whose number the other organisation does not have, and an alert. */
  let secondExam: string;
  let alert: string;
  let pictures: Record<'empty' | 'words' | 'truncated' | 'header alone' | '100 megapixels' | 'gif', Buffer>;

  beforeAll(async () => {
    service = await startService({ PROBITY_DATA_DIR: await dataDirectory() });
    core = await service.connect();
    admin = await service.admin();
    sitting = await startExam(core, admin);
    student = await joinExam(core, sitting, 'student@ucy.test');
    strangersAdmin = await service.admin('UC');
    stranger = await startExam(core, strangersAdmin, 'organisations/UC');
    const exam = Exam.fromPartial({
      displayName: 'Geometry',
      type: ExamType.EXAM_TYPE_ORAL,
      scheduleTime: new Date(Date.now() + 60_000),
      duration: { seconds: 3600n },
    });
    secondExam = (await core.exams.createExam({ exam }, sitting.instructor)).name;
    const replay = { exam: sitting.exam, image: PORTRAITS.obama3, operatingSystem: '' };
    await core.monitor.submitFrame(replay, student);
    alert = (await core.monitor.submitFrame(replay, student)).alerts[0]!.name;
    pictures = {
      empty: Buffer.alloc(0),
      words: Buffer.from('no picture at all'),
      truncated: PORTRAITS.obama2.subarray(0, PORTRAITS.obama2.length / 3),
      'header alone': PORTRAITS.obama2.subarray(0, 20),
      '100 megapixels': await pictureOf(10_000),
      gif: await sharp(PORTRAITS.obama2).resize(200).gif().toBuffer(),
    };
  });

  afterEach(async () => {
    expect((await send(`${service.url}/readyz`, 'GET')).status).toBe(200);
  });
  afterAll(async () => {
    // Nothing it was sent made it write an error: that would be a defect of ours.
    const errors = service.lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50);
    expect(errors).toEqual([]);
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });

  const post = (at: string, body: unknown, token = student.token!): Promise<Answer> =>
    send(`${service.url}${at}`, 'POST', { body, token });
  const number = (): number => Number(sitting.exam.split('/')[1]);
  const failure = async (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'OK',
      (error: unknown) => (error instanceof StatusError ? error.reason : String(error)),
    );
  const state = async (): Promise<unknown> => {
    const page = { exam: sitting.exam, pageSize: 0, pageToken: '' };
    const { sessions } = await core.proctoring.listSessions(page, sitting.instructor);
    const { references } = await core.references.listReferences({ user: 'users/me' }, student);
    const { exams } = await core.exams.listExams({ pageSize: 0, pageToken: '' }, sitting.instructor);
    return { sessions, references, exams };
  };

  describe('as pictures', () => {
    const bad = ['empty', 'words', 'truncated', 'header alone', '100 megapixels', 'gif'] as const;

    it.each(bad)('%s', async (name) => {
      const before = await state();
      const image = pictures[name];
      for (const at of ['/biometrics/face_verify', '/biometrics/monitoring_face/']) {
        const answer = await post(at, { image: image.toString('base64'), exam_id: number() });
        expect([answer.status, answer.body]).toMatchObject([400, { bad_formatted_fields: ['image'] }]);
      }
      const reason =
        name === 'empty'
          ? 'INVALID_FIELDS'
          : name === '100 megapixels'
            ? 'IMAGE_TOO_LARGE'
            : 'IMAGE_UNREADABLE';
      expect(await failure(core.faces.assessFace({ image }, student))).toBe(reason);
      const probe = { exam: sitting.exam, image, operatingSystem: '' };
      expect(await failure(core.monitor.submitFrame(probe, student))).toBe(reason);
      expect(await failure(core.references.verifyFace({ user: 'users/me', image }, student))).toBe(reason);
      expect(await state()).toEqual(before);
    });

    it('a picture without a face is a finding, and no error', async () => {
      const image = await emptyRoom(1);
      const verified = await post('/biometrics/face_verify', {
        image: image.toString('base64'),
        exam_id: number(),
      });
      expect([verified.status, verified.body]).toMatchObject([200, { resource_bool: false }]);
      const { finding } = await core.faces.assessFace({ image }, student);
      expect(finding).toMatchObject({ faceCount: 0 });
      const { images } = await core.references
        .enrolFace({ user: 'users/me', images: [image] }, student)
        .catch(
          // In the middle of an exam nothing is enrolled at all.
          (error: unknown) => {
            expect(error).toMatchObject({ reason: 'REFERENCE_IN_USE' });
            return { images: [] };
          },
        );
      expect(images.filter(({ accepted }) => accepted)).toEqual([]);
    });

    it('a stream goes on after them', async () => {
      const frames = [pictures.words, pictures.truncated, pictures['100 megapixels'], PORTRAITS.obama3];
      const page = { exam: sitting.exam, pageSize: 0, pageToken: '' };
      const { sessions } = await core.proctoring.listSessions(page, sitting.instructor);
      const next = sessions[0]!.frameCount + 1;
      const opening: MonitorRequest['message'] = {
        $case: 'open',
        value: { exam: sitting.exam, resumeAfter: 0 },
      };
      const sent = frames.map((image, i): MonitorRequest => ({
        message: { $case: 'frame', value: { number: next + i, image, captureTime: undefined } },
      }));
      const requests = Readable.from([{ message: opening }, ...sent]) as AsyncIterable<MonitorRequest>;
      const found: string[][] = [];
      for await (const { message } of core.monitor.monitor(requests, student)) {
        if (message?.$case === 'finding' && message.value.frame >= next) found.push(message.value.anomalies);
      }
      expect(found).toHaveLength(frames.length);
      for (const anomalies of found.slice(0, 3)) expect(anomalies).toContain('CAPTURE_ANOMALY_UNREADABLE');
      expect(found[3]).not.toContain('CAPTURE_ANOMALY_UNREADABLE');
    });
  });

  describe('as requests', () => {
    it('a wrong type in every field of every operation: 400 that names each, and nothing changes', async () => {
      const before = await state();
      const instructors = /^\/instructor/;
      for (const row of trustid.operations) {
        // In a form, everything is text.
        if (!row.body || row.decoder) continue;
        const { properties = {} } = z.toJSONSchema(row.body, { io: 'input' }) as {
          properties?: Record<string, object>;
        };
        const names = Object.keys(properties);
        const token = instructors.test(row.path) ? sitting.instructor.token! : student.token!;
        for (const value of [null, [[]], { a: { b: 1 } }, -1.5]) {
          const { status, body } = await post(
            row.path,
            Object.fromEntries(names.map((n) => [n, value])),
            token,
          );
          expect([row.path, value, status]).toEqual([row.path, value, 400]);
          const { bad_formatted_fields: bad, missing_required_fields: missing } = body as Record<
            string,
            string[]
          >;
          const named = [...bad!, ...missing!].map((field) => field.split('.')[0]);
          // A score may be any number.
          const wrong = names.filter(
            (n) => typeof value !== 'number' || !JSON.stringify(properties[n]).includes('"type":"number"'),
          );
          expect(new Set(named)).toEqual(new Set(wrong));
        }
      }
      expect(await state()).toEqual(before);
    });

    it.each([
      ['deep JSON', `{"image":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
      ['half of a body', '{"image": "'],
      ['no object', '[]'],
      ['a prototype', '{"__proto__": {"role": "ADMIN"}}'],
      ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ])('%s: the documented 400', async (_, body) => {
      const answer = await post('/biometrics/face_verify', body);
      expect(answer.status).toBe(400);
      expect((answer.body as { error_details: object }).error_details).toHaveProperty('json');
    });

    it('a wrong media type: 415', async () => {
      for (const type of [
        'text/plain',
        'image/jpeg',
        'application/xml',
        'multipart/form-data; boundary=x',
        '"',
      ]) {
        const answer = await send(`${service.url}/biometrics/face_verify`, 'POST', {
          token: student.token!,
          body: '{}',
          headers: { 'content-type': type },
        });
        expect([type, answer.status, answer.body]).toEqual([
          type,
          415,
          { message: expect.any(String) as string },
        ]);
      }
    });

    it('any bytes in any rpc: a status of the contract, never INTERNAL', async () => {
      const before = await state();
      const client = new Client(`localhost:${service.grpcPort}`, credentials.createInsecure());
      const metadata = new Metadata();
      metadata.set('authorization', `Bearer ${student.token!}`);
      // Every wire type in each of the first fields, each with something odd in it.
      const odd = [
        (field: number) => [(field << 3) | 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        (field: number) => [(field << 3) | 1, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
        (field: number) => [(field << 3) | 2, 4, 0xff, 0x00, 0xc3, 0x28],
        (field: number) => [(field << 3) | 2, 0x7f, 1],
        (field: number) => [(field << 3) | 5, 0, 0, 0xc0, 0x7f],
      ];
      const messages = [
        [],
        [0xff, 0xff],
        ...[1, 2, 3, 4, 5].flatMap((field) => odd.map((make) => make(field))),
      ].map((bytes) => Buffer.from(bytes));
      const ask = (path: string, message: Buffer): Promise<status> =>
        new Promise((resolve) => {
          const asIs = (bytes: Buffer): Buffer => bytes;
          client.makeUnaryRequest(path, asIs, asIs, message, metadata, (error) =>
            resolve(error ? error.code : status.OK),
          );
        });
      const wrong = [status.INTERNAL, status.UNKNOWN, status.UNAVAILABLE, status.DEADLINE_EXCEEDED];
      let asked = 0;
      for (const definition of definitions) {
        for (const { path, requestStream, responseStream } of Object.values(definition)) {
          if (requestStream || responseStream || /LogOut$/.test(path)) continue;
          const codes = await Promise.all(messages.map((message) => ask(path, message)));
          expect([path, codes.filter((code) => wrong.includes(code))]).toEqual([path, []]);
          asked += codes.length;
        }
      }
      client.close();
      expect(asked).toBeGreaterThan(500);
      expect(await state()).toEqual(before);
    });
  });

  describe('as tokens', () => {
    const forgeries = (): Record<string, string> => {
      const [header = '', payload = '', signature = ''] = student.token!.split('.');
      const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      const protectedHeader = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
      return {
        'no token': 'x',
        'another signature': `${header}.${payload}.${'A'.repeat(signature.length)}`,
        'another subject': `${header}.${encode({ ...claims, sub: '01900000-0000-7000-8000-000000000001' })}.${signature}`,
        'a longer life': `${header}.${encode({ ...claims, exp: 9_999_999_999 })}.${signature}`,
        'no algorithm': `${encode({ ...protectedHeader, alg: 'none' })}.${payload}.`,
        'a symmetric algorithm': `${encode({ ...protectedHeader, alg: 'HS256' })}.${payload}.${signature}`,
        'another key': `${encode({ ...protectedHeader, kid: '../../etc/passwd' })}.${payload}.${signature}`,
        'something behind it': `${student.token!}?`,
        'nothing in it': '..',
        'too much': 'a'.repeat(10_000),
      };
    };

    it('forged ones prove nothing, anywhere', async () => {
      for (const [name, token] of Object.entries(forgeries())) {
        const over = await send(`${service.url}/biometrics/list`, 'GET', { token });
        expect([name, over.status, over.body]).toEqual([
          name,
          401,
          { message: expect.any(String) as string },
        ]);
        expect([name, await failure(core.users.getUser({ name: 'users/me' }, { token }))]).toEqual([
          name,
          'TOKEN_INVALID',
        ]);
      }
    });

    it('a login that has ended is over', async () => {
      const brief = await logIn(core, { email: 'student@ucy.test', password: PASSWORD });
      expect(await failure(core.users.getUser({ name: 'users/me' }, brief))).toBe('OK');
      await core.authentication.logOut({}, brief);
      expect(await failure(core.users.getUser({ name: 'users/me' }, brief))).toBe('TOKEN_INVALID');
      expect((await post('/biometrics/unregister', { biometric_type: 'Face' }, brief.token)).status).toBe(
        401,
      );
    });

    it('none: every rpc but the public ones asks for it', async () => {
      const client = new Client(`localhost:${service.grpcPort}`, credentials.createInsecure());
      const asIs = (bytes: Buffer): Buffer => bytes;
      for (const definition of definitions) {
        for (const { path, requestStream, responseStream } of Object.values(definition)) {
          if (requestStream || responseStream || PUBLIC_METHODS.has(path)) continue;
          const code = await new Promise((resolve) => {
            client.makeUnaryRequest(path, asIs, asIs, Buffer.alloc(0), (error) => resolve(error?.code));
          });
          expect([path, code]).toEqual([path, status.UNAUTHENTICATED]);
        }
      }
      client.close();
    });
  });

  it('ids of another organisation are not found, by anybody of it', async () => {
    const before = await state();
    const me = await core.users.getUser({ name: 'users/me' }, student);
    const admins = await logIn(core, strangersAdmin, 'organisations/UC');
    const page = { pageSize: 0, pageToken: '' };
    // Numbers are counted in each organisation: theirs is 1 as well, and must never be ours.
    expect(stranger.exam).toBe(sitting.exam);
    const theirs = await core.proctoring.listSessions({ exam: stranger.exam, ...page }, stranger.instructor);
    expect(theirs.sessions).toEqual([]);
    expect(await failure(core.proctoring.getEvidence({ alert }, sitting.instructor))).toBe('OK');
    for (const call of [stranger.instructor, admins]) {
      expect(await failure(core.exams.getExam({ name: secondExam }, call))).toBe('EXAM_NOT_FOUND');
      expect(await failure(core.proctoring.listAlerts({ exam: secondExam, user: '', ...page }, call))).toBe(
        'EXAM_NOT_FOUND',
      );
      expect(await failure(core.users.getUser({ name: me.name }, call))).toBe('USER_NOT_FOUND');
      expect(await failure(core.references.listReferences({ user: me.name }, call))).toBe('USER_NOT_FOUND');
      expect(await failure(core.proctoring.getEvidence({ alert }, call))).toBe('ALERT_NOT_FOUND');
    }
    expect(await failure(core.subjects.exportSubject({ user: me.name }, admins))).toBe('USER_NOT_FOUND');
    expect(await failure(core.subjects.eraseSubject({ user: me.name }, admins))).toBe('USER_NOT_FOUND');
    const email = 'student@ucy.test';
    const approval = await post(
      '/instructor/manual_approve_student',
      { exam_id: Number(stranger.exam.split('/')[1]), email },
      stranger.instructor.token,
    );
    expect([approval.status, approval.body]).toMatchObject([404, { resource_name: 'user' }]);
    expect(await state()).toEqual(before);
  });
});
