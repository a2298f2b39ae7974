import { operation } from '../../../family.js';
import { formBody } from '../../../form.js';
import { comparisonWords, monitoringAnswer, processesAnswer, voiceWords } from '../answers.js';
import { embeddingClaim, recordingOf } from '../recording.js';
import * as schemas from '../schemas.js';
import { EXAM_FIELD, examName, PROCESSES_FIELD } from './fields.js';

/** In the place of an exam's name: the one that the student has joined. */
const JOINED = '';

export const monitorVoice = operation({
  id: 'biometricsMonitoringCreate',
  method: 'POST',
  path: '/biometrics/monitoring/',
  summary: 'Monitoring of voice biometrics during examination',
  tag: 'Biometrics',
  auth: 'token',
  body: schemas.BiometricsMonitoring,
  decoder: formBody,
  fields: { ...EXAM_FIELD, ...PROCESSES_FIELD, sample: 'voice_base64' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_1,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const audio = recordingOf(body);
    const { forbidden } = await core.monitor.reportDevice(
      {
        exam: JOINED,
        processes: { names: body.running_processes },
        operatingSystem: '',
        claims: { ip_address: body.ip_address, ...embeddingClaim(body.voice_emb_data) },
      },
      call,
    );
    const { comparison } = await core.monitor.submitSample(
      { exam: JOINED, sample: { $case: 'audio', value: audio } },
      call,
    );
    return monitoringAnswer('voice', voiceWords(comparison), forbidden);
  },
});

export const monitorFace = operation({
  id: 'biometricsMonitoringFaceCreate',
  method: 'POST',
  path: '/biometrics/monitoring_face/',
  summary: 'Monitoring of face biometrics during examination',
  tag: 'Biometrics',
  auth: 'token',
  body: schemas.BiometricsMonitorFace,
  fields: { ...EXAM_FIELD, operating_system: 'operating_sys' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_1,
  errors: [400, 401, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const { comparison, finding } = await core.monitor.submitFrame(
      { exam: examName(body.exam_id), image: body.image, operatingSystem: body.operating_sys ?? '' },
      call,
    );
    return { message: comparisonWords(comparison, finding), resource_name: 'face' };
  },
});

export const monitorFaceOral = operation({
  id: 'biometricsMonitoringFaceOralCreate',
  method: 'POST',
  path: '/biometrics/monitoring_face_oral/',
  summary: 'Monitoring of face biometrics, address and running processes during an oral examination',
  tag: 'Biometrics',
  auth: 'token',
  body: schemas.BiometricsMonitorFaceOral,
  fields: { ...EXAM_FIELD, ...PROCESSES_FIELD, operating_system: 'operating_sys' },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_1,
  errors: [400, 401, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const exam = examName(body.exam_id);
    const operatingSystem = body.operating_sys ?? '';
    const { forbidden } = await core.monitor.reportDevice(
      {
        exam,
        processes: { names: body.running_processes },
        operatingSystem,
        claims: { ip_address: body.ip_address },
      },
      call,
    );
    const { comparison, finding } = await core.monitor.submitFrame(
      { exam, image: body.image, operatingSystem },
      call,
    );
    return monitoringAnswer('face', comparisonWords(comparison, finding), forbidden);
  },
});

export const monitorDevice = operation({
  id: 'monitoringCreate',
  method: 'POST',
  path: '/monitoring/',
  summary: "Monitoring of the running processes on the student's device",
  tag: 'Monitoring',
  auth: 'token',
  body: schemas.Monitoring,
  fields: { ...EXAM_FIELD, ...PROCESSES_FIELD },
  status: 200,
  success: 'Success',
  answer: schemas.Response200_1,
  errors: [400, 401, 404, 405, 415, 500],
  async run({ body }, { core, options: call }) {
    const { exam_id, running_processes, ...said } = body;
    const { forbidden } = await core.monitor.reportDevice(
      {
        exam: examName(exam_id),
        processes: running_processes && { names: running_processes },
        operatingSystem: '',
        claims: Object.fromEntries(Object.entries(said).map(([name, value]) => [name, String(value)])),
      },
      call,
    );
    return processesAnswer(forbidden);
  },
});
