import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Camera } from '../typescript/camera.js';
import { consent } from './consent.js';
import { Trustid, type Account, type EnrolledStudent } from './trustid.js';

export interface Cast {
  teacher: Account;
  student: Account;
  /** Each a picture of another occasion. */
  enrolled: Camera[];
  identified: Camera;
  watched: Camera;
  impostor: Camera;
  /** Files with the student's voice; none: the exam is sat without. */
  voice: { enrolled: string[]; speaking: string[] };
}

const SYSTEM = 'Windows 11';
const HONEST_PICTURES = 4;
const MOST_OF_IMPOSTOR = 30;
const PROCESSES = ['explorer.exe', 'trustid.exe', 'firefox.exe'];
const FORBIDDEN = ['explorer.exe', 'TeamViewer.exe'];
/** What the student's machine says of its own address: a claim. */
const ADDRESS = '192.0.2.17';

/** Plays an exam from registration to feedback. Whether the teacher was told of the swap, and of nothing before it. */
export async function play(
  base: string,
  type: 'written' | 'oral',
  cast: Cast,
  intervalMs: number,
): Promise<boolean> {
  const { teacher, student } = await signUp(base, cast);
  await enrol(student, cast);

  const name = `Rehearsal of ${cast.student.email}`;
  await teacher.post('/instructor/add_exam', {
    name,
    exam_type: type === 'oral' ? 'Oral' : 'Written',
    scheduled_date: new Date(Date.now() + 60_000).toISOString(),
    duration: 60,
    privacy_policy: 'Pictures are kept only with an alert.',
  });
  const { id } = await teacher.examNamed(name);
  const students = [{ email: cast.student.email, name: 'Ada', surname: 'Student' }];
  await teacher.post('/instructor/sync_courses_exams', { details: { exam_id: id, students } });
  say('exam', `${name}, ${type}`);

  await checkUp(student);
  await identify(student, id, cast);
  await teacher.post('/update_exam_condition', { exam_id: id, condition: 'Start' });
  await student.post('/update_exam_condition', { exam_id: id, condition: 'Join' });
  say('joined', 'the exam is on');

  const watch = { student, id, type, intervalMs, voice: cast.voice.speaking };
  const told = async (): Promise<string> => {
    const exam = await teacher.examNamed(name);
    return exam.students.find(({ email }) => email === cast.student.email)?.alerts ?? '';
  };
  for (let n = 0; n < HONEST_PICTURES; n++) await look(watch, cast.watched, n);
  const before = await told();
  say('alerts', before || 'none');
  const noticed = await swap(watch, cast.impostor, told);
  await student.post('/update_exam_condition', { exam_id: id, condition: 'Leave' });
  say('left', 'the verification is used up');

  await byHand(teacher, student, id, name, cast);
  await student.post('/update_exam_condition', { exam_id: id, condition: 'Leave' });
  const { message } = await student.post('/student/submit_feedback', {
    exam_id: id,
    cheat_mode: 'Impersonation',
    feedback: 'Somebody else sat in my chair for a while.',
  });
  say('feedback', message);
  return noticed && before === '';
}

async function signUp(base: string, { teacher, student }: Cast) {
  const named = { name: 'Ada', surname: 'Lovelace' };
  await Trustid.register(base, { ...teacher, ...named, role: 'INSTRUCTOR' });
  await Trustid.register(base, { ...student, ...named, role: 'STUDENT' });
  const signedIn = await Trustid.signIn(base, student);
  await consent(base, signedIn.access, ['FACE', 'VOICE']);
  say('student', student.email);
  return { teacher: await Trustid.signIn(base, teacher), student: signedIn };
}

async function enrol(student: Trustid, { enrolled, voice }: Cast): Promise<void> {
  for (const camera of enrolled) {
    const image = await shot(camera);
    const { resource_bool: complete, extra_details } = await student.post('/biometrics/face_register', {
      image,
      operating_sys: SYSTEM,
    });
    say('face', `${complete ? 'complete' : 'not complete'}: ${extra_details ?? ''}`);
  }
  for (const file of voice.enrolled) {
    await student.form('/biometrics/register', {
      biometric_type: 'Voice',
      voice_base64: await recording(file),
    });
  }
  const { resource_array: registered } = await student.get('/biometrics/list');
  say('registered', (registered ?? []).join(', '));
}

/** Before the exam: is anything running that may not? */
async function checkUp(student: Trustid): Promise<void> {
  for (const running_processes of [FORBIDDEN, PROCESSES]) {
    const { resource_name } = await student.post('/student/checkup_process', { running_processes });
    say('check-up', resource_name ? `close ${resource_name}` : 'nothing forbidden runs');
  }
}

async function identify(student: Trustid, exam_id: number, { identified }: Cast): Promise<void> {
  const image = await shot(identified);
  const { resource_bool: match, extra_details } = await student.post('/biometrics/face_verify', {
    image,
    exam_id,
    operating_sys: SYSTEM,
  });
  if (!match) throw new Error(`The student was not recognised: ${extra_details ?? ''}`);
  const { message } = await student.post('/student/identification', {
    exam_id,
    identification_result: 'MATCH by the client, 0.93',
  });
  say('identified', message);
}

interface Watch {
  student: Trustid;
  id: number;
  type: 'written' | 'oral';
  intervalMs: number;
  voice: string[];
}

/** One look at who sits there, as the document has it for the type of the exam. */
async function look(
  { student, id, type, intervalMs, voice }: Watch,
  camera: Camera,
  n: number,
): Promise<void> {
  const image = await shot(camera);
  const picture = { image, exam_id: id, operating_sys: SYSTEM };
  const { message } =
    type === 'oral'
      ? await student.post('/biometrics/monitoring_face_oral/', {
          ...picture,
          ip_address: ADDRESS,
          running_processes: JSON.stringify(PROCESSES),
        })
      : await student.post('/biometrics/monitoring_face/', picture);
  say('seen', message);
  const spoken = voice[n];
  if (type === 'oral' && spoken !== undefined) await listen(student, spoken);
  await student.post('/monitoring/', {
    exam_id: id,
    running_processes: PROCESSES.join('\n'),
    is_face_detected: true,
    face_rec_result: 'MATCH',
    confidence_score: '0.93',
  });
  await pause(intervalMs);
}

async function listen(student: Trustid, file: string): Promise<void> {
  const voice_base64 = await recording(file);
  const { message } = await student.form('/biometrics/monitoring/', {
    voice_base64,
    voice_emb_data: '[]',
    running_processes: JSON.stringify(PROCESSES),
    ip_address: ADDRESS,
  });
  say('heard', message);
}

/** Somebody else sits down, until the teacher is told of it. */
async function swap(watch: Watch, impostor: Camera, told: () => Promise<string>): Promise<boolean> {
  for (let n = 0; n < MOST_OF_IMPOSTOR; n++) {
    // The voice stays silent: that is no evidence of anything.
    await look({ ...watch, voice: [] }, impostor, n);
    const alerts = await told();
    if (alerts !== '') {
      say('alerts', alerts);
      return /does not look like|different person/i.test(alerts);
    }
  }
  return false;
}

/** The camera broke: the teacher lets the student in by hand. */
async function byHand(
  teacher: Trustid,
  student: Trustid,
  exam_id: number,
  name: string,
  cast: Cast,
): Promise<void> {
  await student.post('/student/request_manual_approval', { exam_id, manual_approval_type: 'Camera broken' });
  const asked: EnrolledStudent | undefined = (await teacher.examNamed(name)).students[0];
  say('requested', asked?.verification_status);
  await teacher.post('/instructor/manual_approve_student', { exam_id, email: cast.student.email });
  const { message } = await student.post('/student/check_verification_status', { exam_id });
  await student.post('/update_exam_condition', { exam_id, condition: 'Join' });
  say('approved', message);
}

async function shot(camera: Camera): Promise<string> {
  return (await camera.capture()).toString('base64');
}

async function recording(file: string): Promise<string> {
  return (await readFile(file)).toString('base64');
}

function say(what: string, how: string | undefined): void {
  console.log(`${what.padEnd(12)}${how ?? ''}`);
}
