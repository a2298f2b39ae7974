import type { Pictures } from '../pictures.js';
import { post, type RestClient } from '../client.js';
import { joined, signedUp, teacherWithExam, type Student } from '../scenario.js';

/** People who are signed up at a time: each costs two password hashes and two pictures. */
const AT_A_TIME = 8;
/** Access tokens end after fifteen minutes; nobody's may during a level. */
const FRESH_MS = 10 * 60_000;

interface Seat extends Student {
  /** UTC milliseconds at which the access token was issued. */
  since: number;
}

/** The students of one exam that is on; more come in when the load is raised. */
export interface Room {
  examId: number;
  teacher: Student;
  seats: readonly Seat[];
  /** Lets students in until there are `count`, and renews what tokens are about to end. */
  fill(count: number, onSeated: (seated: number) => void): Promise<void>;
}

export async function openRoom(rest: RestClient, { reference, probe }: Pictures): Promise<Room> {
  const { examId, teacher } = await teacherWithExam(rest);
  const seats: Seat[] = [];

  async function seat(n: number): Promise<Seat> {
    const student = await signedUp(rest, `student${n}`, reference);
    const details = { exam_id: examId, students: [{ email: student.email }] };
    await rest.send(post('/instructor/sync_courses_exams', { details }, teacher.token));
    await joined(rest, examId, student, probe);
    return { ...student, since: Date.now() };
  }

  async function renew(each: Seat): Promise<void> {
    const { resource_str } = await rest.json<{ resource_str: string }>(
      post('/refresh_token', { refresh: each.refresh }),
    );
    each.token = resource_str;
    each.since = Date.now();
  }

  return {
    examId,
    teacher,
    seats,
    async fill(count, onSeated) {
      await renewTeacher();
      for (const each of seats) if (Date.now() - each.since > FRESH_MS) await renew(each);
      while (seats.length < count) {
        const next = Math.min(AT_A_TIME, count - seats.length);
        const from = seats.length;
        seats.push(...(await Promise.all(Array.from({ length: next }, (_, i) => seat(from + i)))));
        onSeated(seats.length);
      }
    },
  };

  async function renewTeacher(): Promise<void> {
    const { resource_str } = await rest.json<{ resource_str: string }>(
      post('/refresh_token', { refresh: teacher.refresh }),
    );
    teacher.token = resource_str;
  }
}
