import { get, post, type Prepared, type RestClient } from './client.js';

export const ORGANISATION = 'UC';
export const PASSWORD = 'correct horse battery staple 7';

/** Somebody who is enrolled, and in the exam. */
export interface Student {
  email: string;
  token: string;
  /** Gets another access token, for twelve hours. */
  refresh: string;
}

/** A started exam with students in it. */
export interface Sitting {
  examId: number;
  students: Student[];
}

/**
 * Prepares what is measured, through the façade as its users would: an instructor's exam, students with an enrolled
 * face who were verified by `probe` and joined.
 */
export async function sitting(
  rest: RestClient,
  pictures: { reference: Buffer; probe: Buffer },
  students: number,
): Promise<Sitting> {
  const { examId, teacher } = await teacherWithExam(rest);
  const enrolled: Student[] = [];
  for (let n = 0; n < students; n++) enrolled.push(await signedUp(rest, `student${n}`, pictures.reference));
  const details = { exam_id: examId, students: enrolled.map(({ email }) => ({ email })) };
  await rest.send(post('/instructor/sync_courses_exams', { details }, teacher.token));
  for (const student of enrolled) await joined(rest, examId, student, pictures.probe);
  return { examId, students: enrolled };
}

/** An instructor, and an exam of theirs that is on. */
export async function teacherWithExam(rest: RestClient): Promise<{ examId: number; teacher: Student }> {
  const teacher = await person(rest, 'teacher', 'INSTRUCTOR');
  await rest.send(
    post(
      '/instructor/add_exam',
      {
        name: 'Measurement',
        exam_type: 'Written',
        scheduled_date: new Date().toISOString(),
        duration: 120,
        privacy_policy: 'None',
      },
      teacher.token,
    ),
  );
  const list = await rest.json<{ resource_array: { exam_id: string }[] }>(
    get('/instructor/list_exam', teacher.token),
  );
  const examId = Number(list.resource_array[0]?.exam_id);
  await rest.send(post('/update_exam_condition', { exam_id: examId, condition: 'Start' }, teacher.token));
  return { examId, teacher };
}

/** A student with consent and an enrolled face. */
export async function signedUp(rest: RestClient, name: string, reference: Buffer): Promise<Student> {
  const student = await person(rest, name, 'STUDENT');
  await consent(rest, student);
  const image = reference.toString('base64');
  const face = await rest.json<{ resource_bool: boolean; extra_details: string }>(
    post('/biometrics/face_register', { image }, student.token),
  );
  if (!face.resource_bool) throw new Error(`The face was not registered: ${face.extra_details}`);
  return student;
}

/** Verifies a student of the exam, and lets them join. */
export async function joined(
  rest: RestClient,
  examId: number,
  student: Student,
  probe: Buffer,
): Promise<void> {
  await verify(rest, verification(examId, student, probe));
  await rest.send(post('/update_exam_condition', { exam_id: examId, condition: 'Join' }, student.token));
}

/** Access tokens end before a long run does. */
export async function signedInAgain(rest: RestClient, student: Student): Promise<Student> {
  return { ...student, ...(await tokens(rest, student.email)) };
}

export function verification(examId: number, student: Student, image: Buffer): Prepared {
  const body = { image: image.toString('base64'), exam_id: examId };
  return post('/biometrics/face_verify', body, student.token);
}

export function frame(examId: number, student: Student, image: Buffer): Prepared {
  const body = { image: image.toString('base64'), exam_id: examId };
  return post('/biometrics/monitoring_face/', body, student.token);
}

/** @throws Error unless the student was verified: what is not a match is another, shorter path */
export async function verify(rest: RestClient, request: Prepared): Promise<void> {
  requireMatch(await rest.send(request));
}

export function requireMatch(answer: Buffer): void {
  const { resource_bool, extra_details } = JSON.parse(answer.toString()) as {
    resource_bool: boolean;
    extra_details: string;
  };
  if (!resource_bool) throw new Error(`The student was not verified: ${extra_details}`);
}

async function person(rest: RestClient, name: string, role: 'INSTRUCTOR' | 'STUDENT'): Promise<Student> {
  const email = `${name}@example.org`;
  await rest.send(
    post('/register_user', {
      organization: ORGANISATION,
      email,
      password: PASSWORD,
      name,
      surname: 'Bench',
      role,
    }),
  );
  return { email, ...(await tokens(rest, email)) };
}

async function tokens(rest: RestClient, email: string): Promise<{ token: string; refresh: string }> {
  const { resource_obj } = await rest.json<{ resource_obj: { access: string; refresh: string } }>(
    post('/login', { organization: ORGANISATION, email, password: PASSWORD }),
  );
  return { token: resource_obj.access, refresh: resource_obj.refresh };
}

async function consent(rest: RestClient, { token }: Student): Promise<void> {
  const { policies } = await rest.json<{
    policies: { modality: string; purpose: string; version: string }[];
  }>(get('/probity/v1/consent-policies'));
  for (const { modality, purpose, version } of policies) {
    await rest.send(post('/probity/v1/consents', { modality, purpose, policyVersion: version }, token));
  }
}
