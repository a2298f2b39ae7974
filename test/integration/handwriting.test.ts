import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import type { CallOptions, Core } from '../../src/grpc/index.js';
import { send } from '../http/support/facade.js';
import { enrolStudent, startExam } from '../resilience/sitting.js';
import { startApp, type RunningApp } from '../support/app.js';
import { describeWithModels } from '../support/faces.js';
import { pictureOfTrace, trace } from '../support/handwriting.js';

/*
 * Handwriting through the whole service, as a client of TRUSTID has it. Made-up writers, real workers.
 */
describeWithModels('handwriting, whole', () => {
  let running: RunningApp;
  let core: Core;
  let student: CallOptions;
  beforeAll(async () => {
    running = await startApp();
    core = running.app.core;
    student = await enrolStudent(core, await startExam(core, running.admin), 'writer@ucy.test');
  });
  afterAll(() => running.stop());

  const trustid = (method: string, at: string, body?: object) =>
    send(`http://127.0.0.1:${running.httpPort}/biometrics/${at}`, method, {
      ...(body && { body }),
      token: student.token!,
    });
  const form = (fields: Record<string, string | Buffer>): FormData => {
    const made = new FormData();
    for (const [name, value] of Object.entries({ biometric_type: 'Handwriting', ...fields })) {
      if (typeof value === 'string') made.set(name, value);
      else made.set(name, new Blob([new Uint8Array(value)]), 'sample');
    }
    return made;
  };
  const dataUri = (bytes: Buffer) => `data:application/json;base64,${bytes.toString('base64')}`;
  const held = async () => ({
    list: (await trustid('GET', 'list')).body,
    server: (await trustid('GET', 'server_status')).body,
  });

  it('asks for consent first, with a text that says what could be drawn from a template', async () => {
    const { status, body } = await trustid('POST', 'register', form({ src: trace(1, 1) }));
    expect(status).toBe(403);
    expect(body).toEqual({ message: expect.stringContaining('/probity/v1/consents') as string });
    const { policies } = await core.consents.listPolicies({ languageCode: 'en' }, {});
    const { modality, purpose, version, text } = policies.find(
      (policy) => policy.modality === Modality.MODALITY_HANDWRITING,
    )!;
    expect(text).toMatch(/could be drawn again/);
    await core.consents.grantConsent({ modality, purpose, policyVersion: version }, student);
  });

  it('is not held before', async () => {
    expect((await held()).server).toMatchObject({ resource_dict: { Face: true, Handwriting: false } });
  });

  it('is registered by three traces: as a file, as a data: URI and as it is', async () => {
    for (const src of [trace(1, 1), dataUri(trace(1, 2))]) {
      expect((await trustid('POST', 'register', form({ src }))).status).toBe(201);
      expect(await held()).toMatchObject({
        list: { resource_array: ['Face'] },
        // Not usable yet, and held.
        server: { resource_dict: { Handwriting: true } },
      });
    }
    const plain = new URLSearchParams({ biometric_type: 'Handwriting', src: trace(1, 3).toString() });
    expect((await trustid('POST', 'register', plain)).status).toBe(201);
    expect(await held()).toMatchObject({
      list: {
        resource_array: ['Face', 'Handwriting'],
        resource_dict: { Handwriting: expect.any(String) as string },
      },
      server: { resource_dict: { Face: true, Voice: false, Handwriting: true } },
    });
  });

  it('is refused where nothing can be made of it, by field and in words', async () => {
    for (const [src, why] of [
      [Buffer.from('{"version":1}'), /trace cannot be read/],
      [Buffer.from('rubbish'), /image cannot be read/],
      [trace(2, 1), /same hand/],
    ] as const) {
      const { status, body } = await trustid('POST', 'register', form({ src }));
      expect([status, body]).toMatchObject([400, { bad_formatted_fields: ['src'] }]);
      expect((body as { error_details: { src: string[] } }).error_details.src[0]).toMatch(why);
    }
  });

  it('is verified, and says what a trace can tell', async () => {
    const verify = async (src: Buffer) =>
      (await trustid('POST', 'verify', form({ src, monitoring_type: 'Identification' }))).body as {
        is_match: boolean;
        message: string;
      };
    const own = await verify(trace(1, 7));
    expect(own).toMatchObject({ is_match: true });
    expect(own.message).toMatch(/how the pen moved/);
    expect(await verify(trace(2, 7))).toMatchObject({ is_match: false });
    const { status } = await trustid(
      'POST',
      'verify',
      form({ src: await pictureOfTrace(1, 7), monitoring_type: 'Identification' }),
    );
    expect(status).toBe(403);
  });

  it('is unregistered, and then not there', async () => {
    expect((await trustid('POST', 'unregister', { biometric_type: 'Handwriting' })).status).toBe(200);
    expect(await held()).toMatchObject({
      list: { resource_array: ['Face'] },
      server: { resource_dict: { Handwriting: false } },
    });
    expect((await trustid('POST', 'unregister', { biometric_type: 'Handwriting' })).status).toBe(404);
  });
});
