/**
 * A short exam against the running service, over REST as a desktop client would: two students enrol, are verified right
 * and wrong, one sits an exam and another takes the seat in the middle. Prints what the instructor sees.
 *
 * FACES=DIR takes people from a folder each (two or more different pictures); PROBITY_URL and PROBITY_DATA_DIR say where
 * the service is and where it left the first administrator's password.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { v7 as uuid } from 'uuid';
import { capture, emptyRoom } from './camera.js';
import { peopleIn, peopleInTheBox, type Person } from './people.js';
import { Rest } from './rest.js';

const BASE = process.env['PROBITY_URL'] ?? `http://localhost:${process.env['PROBITY_HTTP_PORT'] ?? '8080'}`;
const DATA = process.env['PROBITY_DATA_DIR'] ?? './data';
const ORGANISATION = 'UCY';
/** Faster than an exam's ten seconds, so that the demonstration is short; the service discounts frames so close. */
const FRAME_MS = 500;
const SITTING = { before: 4, empty: 3, swapped: 14, after: 6 };

/** No colours: the tables are often read in a log. */
const PLAIN = { head: [], border: [] };

interface Student {
  person: Person;
  email: string;
  rest: Rest;
}

interface Verdict {
  resource_bool?: boolean;
  extra_details?: string;
  message?: string;
  error_details?: Record<string, string[]>;
}

const run = uuid().slice(-8);
const log: [step: string, expected: string, happened: string][] = [];

function report(step: string, expected: string, happened: string): void {
  log.push([step, expected, happened]);
  process.stdout.write(`  ${step}: ${happened}\n`);
}

async function administrator(): Promise<Rest> {
  const file = path.join(DATA, 'initial-admins.json');
  const admins = JSON.parse(await readFile(file, 'utf8')) as {
    organisation: string;
    email: string;
    password: string;
  }[];
  const mine = admins.find(({ organisation }) => organisation === ORGANISATION);
  if (!mine) throw new Error(`${file} has no administrator of ${ORGANISATION}.`);
  return new Rest(BASE).signIn(ORGANISATION, mine.email, mine.password);
}

/** Made by the administrator, so that the demonstration works whoever may register themselves. */
async function newcomer(
  admin: Rest,
  name: string,
  role: 'STUDENT' | 'INSTRUCTOR',
): Promise<{ email: string; rest: Rest }> {
  const email = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}.${run}@demo.probity.local`;
  const password = uuid();
  const [givenName = name, ...rest] = name.split(' ');
  await admin.must('/probity/v1/users', {
    email,
    givenName,
    familyName: rest.join(' ') || 'Demo',
    password,
    role,
  });
  return { email, rest: await new Rest(BASE).signIn(ORGANISATION, email, password) };
}

async function consent(student: Rest): Promise<void> {
  const { body } = await student.get<{ policies: { modality: string; purpose: string; version: string }[] }>(
    '/probity/v1/consent-policies',
  );
  const policy = body.policies.find(({ modality }) => modality === 'FACE');
  if (!policy) throw new Error('There is no policy on faces to consent to.');
  await student.must('/probity/v1/consents', {
    modality: policy.modality,
    purpose: policy.purpose,
    policyVersion: policy.version,
  });
}

/** All pictures but the last enrol; the last is kept for verification. */
async function enrol(student: Student): Promise<void> {
  const references = student.person.pictures.slice(0, -1).map((picture) => picture.toString('base64'));
  const answer = await student.rest.post<Verdict>('/biometrics/face_register', {
    image: JSON.stringify(references),
  });
  report(
    `${student.person.name} enrols ${references.length} picture(s)`,
    'complete',
    words(answer.status, answer.body),
  );
}

async function verify(student: Student, exam: number, probe: Person, picture: Buffer): Promise<void> {
  const right = probe === student.person;
  const answer = await student.rest.post<Verdict>('/biometrics/face_verify', {
    exam_id: exam,
    image: picture.toString('base64'),
  });
  report(
    `${probe.name} before the camera as ${student.person.name}`,
    right ? 'verified' : 'not verified',
    words(answer.status, answer.body),
  );
}

function words(status: number, { resource_bool, extra_details, message, error_details }: Verdict): string {
  const verdict = resource_bool === undefined ? '' : resource_bool ? 'yes' : 'no';
  return [
    status === 200 ? '' : String(status),
    verdict,
    extra_details ?? error_details?.['image']?.join(' ') ?? (verdict ? '' : message),
  ]
    .filter(Boolean)
    .join(' · ');
}

async function newExam(instructor: Rest, students: Student[]): Promise<number> {
  const name = `Demonstration ${run}`;
  await instructor.must('/instructor/add_exam', {
    name,
    exam_type: 'Written',
    scheduled_date: new Date().toISOString(),
    duration: 30,
    privacy_policy: 'Frames are compared with your face reference; pictures of alerts are kept for 30 days.',
  });
  const { body } = await instructor.get<{ resource_array: { exam_id: string; name: string }[] }>(
    '/instructor/list_exam',
  );
  const exam = Number(body.resource_array.find((each) => each.name === name)?.exam_id);
  await instructor.must('/instructor/sync_courses_exams', {
    details: { exam_id: exam, students: students.map(({ email }) => ({ email })) },
  });
  return exam;
}

async function sit(student: Student, impostor: Person, exam: number): Promise<void> {
  const seat: ((shot: number) => Promise<Buffer>)[] = [
    ...shots(SITTING.before, student.person),
    ...Array.from({ length: SITTING.empty }, () => emptyRoom),
    ...shots(SITTING.swapped, impostor),
    ...shots(SITTING.after, student.person),
  ];
  for (const [shot, take] of seat.entries()) {
    const image = (await take(shot)).toString('base64');
    const { status } = await student.rest.post('/biometrics/monitoring_face/', { exam_id: exam, image });
    progress(shot + 1, seat.length, status === 200 ? '' : `the last frame answered ${status}`);
    await sleep(FRAME_MS);
  }
  process.stdout.write('\n');
}

/** Captures of somebody, changing pictures as a moving head would. */
function shots(count: number, { pictures }: Person): ((shot: number) => Promise<Buffer>)[] {
  return Array.from({ length: count }, (_, index) => (shot: number) => {
    const picture = pictures[index % pictures.length];
    if (!picture) throw new Error('A person without pictures.');
    return capture(picture, shot);
  });
}

function progress(done: number, all: number, note: string): void {
  const width = 40;
  const bar = '█'.repeat(Math.round((done / all) * width)).padEnd(width, '·');
  if (process.stdout.isTTY) process.stdout.write(`\r  ${bar} ${done}/${all} frames ${note}`);
  else if (done % 9 === 0 || note) process.stdout.write(`  ${done}/${all} frames ${note}\n`);
}

interface Alert {
  type: string;
  reason: string;
  occurrences: number;
  score: number | null;
  threshold: number | null;
  beginTime: string;
  endTime: string | null;
  hasEvidence: boolean;
}

async function whatTheInstructorSees(instructor: Rest, exam: number): Promise<Alert[]> {
  const { body } = await instructor.get<{ alerts: Alert[] }>(`/probity/v1/exams/${exam}/alerts`);
  const alerts = body.alerts.toSorted((a, b) => (a.beginTime < b.beginTime ? -1 : 1));
  const table = new Table({
    head: ['alert', 'why', 'frames', 'score / threshold', 'lasted', 'evidence'],
    colWidths: [22, 52, 8, 19, 9, 10],
    wordWrap: true,
    style: PLAIN,
  });
  const number = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
  for (const alert of alerts) {
    const seconds = alert.endTime && (Date.parse(alert.endTime) - Date.parse(alert.beginTime)) / 1000;
    table.push([
      alert.type,
      alert.reason,
      alert.occurrences,
      `${number(alert.score)} / ${number(alert.threshold)}`,
      seconds === null ? 'lasts' : `${seconds} s`,
      alert.hasEvidence ? 'a frame' : '–',
    ]);
  }
  process.stdout.write(`${table.toString()}\n`);
  return alerts;
}

async function main(): Promise<void> {
  const folder = process.env['FACES'];
  const [first, second] = folder ? await peopleIn(folder) : await peopleInTheBox();
  if (!first || !second) throw new Error(`${folder} needs two people with two different pictures each.`);

  process.stdout.write(`Probity at ${BASE}\n\nEnrolment and identification\n`);
  const admin = await administrator();
  const instructor = (await newcomer(admin, 'Hypatia Demo', 'INSTRUCTOR')).rest;
  const students: Student[] = [];
  for (const person of [first, second]) {
    const student = { person, ...(await newcomer(admin, person.name, 'STUDENT')) };
    await consent(student.rest);
    await enrol(student);
    students.push(student);
  }
  const [student, other] = students as [Student, Student];

  const exam = await newExam(instructor, students);
  const lastOf = ({ pictures }: Person): Buffer => pictures.at(-1) as Buffer;
  await verify(student, exam, other.person, lastOf(other.person));
  await verify(student, exam, student.person, lastOf(student.person));
  await verify(other, exam, student.person, lastOf(student.person));
  await verify(other, exam, other.person, lastOf(other.person));

  await instructor.must('/update_exam_condition', { exam_id: exam, condition: 'Start' });
  await student.rest.must('/update_exam_condition', { exam_id: exam, condition: 'Join' });
  process.stdout.write(
    `\nThe exam: ${student.person.name} sits it, leaves the chair empty, ${other.person.name} takes the seat, ` +
      `${student.person.name} comes back\n`,
  );
  await sit(student, other.person, exam);
  await student.rest.must('/update_exam_condition', { exam_id: exam, condition: 'Leave' });

  process.stdout.write('\nWhat the instructor sees\n');
  const alerts = await whatTheInstructorSees(instructor, exam);
  const seen = (type: string): string => `${alerts.filter((alert) => alert.type === type).length} alert(s)`;
  log.push(
    ['The empty chair', '1 alert(s)', seen('NO_FACE')],
    ['The swap', '1 alert(s)', seen('DIFFERENT_PERSON')],
  );

  const table = new Table({
    head: ['what', 'expected', 'happened'],
    colWidths: [52, 16, 52],
    wordWrap: true,
    style: PLAIN,
  });
  table.push(...log);
  process.stdout.write(`\n${table.toString()}\n`);
}

main().catch((error: unknown) => {
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}${cause}\nIs the service running? make start\n`,
  );
  process.exitCode = 1;
});
