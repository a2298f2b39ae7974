import { z } from 'zod';
import { batchesOf } from '../batches.js';
import { LmsError, type Activity, type Exams, type Sitter } from '../capabilities.js';
import { thingName } from '../names.js';
import { effectiveTimes, type Override } from './effective-times.js';
import { refusedCourses, warnings } from './warnings.js';
import type { WebService } from './web-service.js';

/** Courses whose activities come in one answer: of fifty courses some 1 MB. */
const COURSES = 50;
/** The access rule that is Probity's plugin. */
const PLUGIN = 'quizaccess_probity';

export const quizzesOfCourses = z.object({
  quizzes: z.array(
    z.object({
      id: z.int(),
      course: z.int(),
      name: thingName,
      visible: z.union([z.int(), z.boolean()]).optional(),
      // Epoch seconds, 0 for none. Absent where the token may not look into the quiz.
      timeopen: z.int().optional(),
      timeclose: z.int().optional(),
      timelimit: z.int().optional(),
    }),
  ),
  warnings,
});
export const assignmentsOfCourses = z.object({
  courses: z.array(
    z.object({
      id: z.int(),
      assignments: z.array(
        z.object({
          id: z.int(),
          name: thingName,
          allowsubmissionsfromdate: z.int(),
          duedate: z.int(),
          cutoffdate: z.int(),
          timelimit: z.int().optional(),
        }),
      ),
    }),
  ),
  warnings,
});
const overridesOfQuiz = z.object({
  overrides: z.array(
    z.object({
      id: z.int(),
      userid: z.int().nullish(),
      groupid: z.int().nullish(),
      timeopen: z.int().nullish(),
      timeclose: z.int().nullish(),
      timelimit: z.int().nullish(),
    }),
  ),
});
type StoredOverride = z.output<typeof overridesOfQuiz>['overrides'][number];
export const accessInformation = z.object({ activerulenames: z.array(z.string()) });

/** Quizzes and assignments, over the web service of a site. */
export function moodleExams(call: WebService, site: string): Exams {
  async function quizzes(courseIds: readonly string[], signal: AbortSignal, refused: string[]) {
    const answer = await call(
      'mod_quiz_get_quizzes_by_courses',
      { courseids: courseIds },
      quizzesOfCourses,
      signal,
    );
    refused.push(...refusedCourses(answer.warnings));
    return answer.quizzes.flatMap((quiz): Activity[] => {
      const { timeopen, timeclose, timelimit } = quiz;
      if (timeopen === undefined || timeclose === undefined || timelimit === undefined) {
        refused.push(String(quiz.course));
        return [];
      }
      return [
        {
          ...{ id: `quiz:${quiz.id}`, courseId: String(quiz.course), kind: 'QUIZ', name: quiz.name },
          visible: Boolean(quiz.visible ?? true),
          times: { opensAt: timeopen * 1000, closesAt: timeclose * 1000, limitMs: timelimit * 1000 },
        },
      ];
    });
  }

  async function assignments(courseIds: readonly string[], signal: AbortSignal, refused: string[]) {
    // Without the second, nothing is answered to somebody who is enrolled nowhere.
    const parameters = { courseids: courseIds, includenotenrolledcourses: 1 };
    const answer = await call('mod_assign_get_assignments', parameters, assignmentsOfCourses, signal);
    refused.push(...refusedCourses(answer.warnings));
    return answer.courses.flatMap((course) =>
      course.assignments.map((assignment): Activity => ({
        ...{ id: `assign:${assignment.id}`, courseId: String(course.id), kind: 'ASSIGNMENT' },
        ...{ name: assignment.name, visible: true },
        times: {
          opensAt: assignment.allowsubmissionsfromdate * 1000,
          closesAt: (assignment.cutoffdate || assignment.duedate) * 1000,
          limitMs: (assignment.timelimit ?? 0) * 1000,
        },
      })),
    );
  }

  return {
    async ofCourses(courseIds, signal) {
      const found: Activity[] = [];
      const refused: string[] = [];
      for (const batch of batchesOf(courseIds, COURSES)) {
        found.push(
          ...(await quizzes(batch, signal, refused)),
          ...(await assignments(batch, signal, refused)),
        );
      }
      return { found: found.sort((a, b) => (a.id < b.id ? -1 : 1)), refused: [...new Set(refused)] };
    },

    async watched({ id, kind }, signal) {
      if (kind !== 'QUIZ') return false;
      const parameters = { quizid: numberOf(id) };
      const answer = await call(
        'mod_quiz_get_quiz_access_information',
        parameters,
        accessInformation,
        signal,
      );
      return answer.activerulenames.includes(PLUGIN);
    },

    async times({ id, kind, name, times }, service, signal) {
      // Moodle has no function that tells the exceptions of an assignment.
      if (kind !== 'QUIZ') return () => times;
      const parameters = { quizid: numberOf(id) };
      const stored = (await call('mod_quiz_get_overrides', parameters, overridesOfQuiz, signal)).overrides;
      const overrides = stored.flatMap(overrideOf);
      if (overrides.some((each) => concerns(each, service))) {
        const own = 'is in an exception of it, so that the site tells those times as everybody’s';
        throw new LmsError(
          'REFUSED',
          `${site} does not tell the times of “${name}”: the user of the token ${own}.`,
        );
      }
      return (sitter) => effectiveTimes(times, overrides, sitter);
    },
  };
}

/** `quiz:12` → 12. */
export function numberOf(activity: string): number {
  return Number(activity.slice(activity.indexOf(':') + 1));
}

function overrideOf({ userid, groupid, ...values }: StoredOverride): Override[] {
  const whom = userid ? { person: String(userid) } : groupid ? { group: String(groupid) } : null;
  if (!whom) return [];
  const ms = (seconds: number | null | undefined): number | null =>
    seconds === null || seconds === undefined ? null : seconds * 1000;
  return [
    {
      for: whom,
      opensAt: ms(values.timeopen),
      closesAt: ms(values.timeclose),
      limitMs: ms(values.timelimit),
    },
  ];
}

function concerns(override: Override, { id, groups }: Sitter): boolean {
  return 'person' in override.for ? override.for.person === id : groups.includes(override.for.group);
}
