/**
 * Makes an exam, adds a student to it and lists who is in it, as an LMS would that was written for ProctorExam.
 *
 *   PROBITY_API_TOKEN=… PROBITY_API_SECRET=… npx tsx examples/proctorexam/enrol.ts [http://localhost:8080]
 */
import { env, argv } from 'node:process';
import { Client } from './client.js';

async function main(): Promise<void> {
  const { PROBITY_API_TOKEN: token, PROBITY_API_SECRET: secret } = env;
  if (!token || !secret) throw new Error('Set PROBITY_API_TOKEN and PROBITY_API_SECRET.');
  const client = new Client({ url: argv[2] ?? 'http://localhost:8080', token, secret });

  const created = await client.send(
    'POST',
    '/exams',
    {},
    {
      ...{ name: 'Linear Algebra', type: 'record_review', duration_minutes: 90 },
      start_time: new Date(Date.now() + 86_400_000).toISOString(),
    },
  );
  console.log(created.status, created.body);
  const { exam } = created.body as { exam: { id: number } };

  const path = '/exams/:exam_id/student_sessions';
  const student = { name: 'Student 1', email: 'student1@example.com', external_id: 'lms-1' };
  console.log(await client.send('POST', path, { exam_id: exam.id }, student));

  const list = await client.send('GET', path, { exam_id: exam.id }, { sort: '[{"name":"asc"}]' });
  console.log(list.headers.get('x-pagination-item-count'), list.body);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
