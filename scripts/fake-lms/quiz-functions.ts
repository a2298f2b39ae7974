import { z } from 'zod';
import {
  courseWarning,
  int,
  invalidParameter,
  MoodleException,
  noPermission,
  noRecord,
  webFunction,
  type Call,
  type WebFunction,
} from './call.js';
import { override, PLUGIN_RULE, SERVICE_USER, type Quiz, type SiteCourse } from './site.js';

const quizid = z.strictObject({ quizid: int });
const optionalInt = int.optional();

/** Functions of Moodle's quizzes, as recorded on 4.5.6 and 5.1.3, and those of Probity's plugin. */
export const QUIZ_FUNCTIONS: Readonly<Record<string, WebFunction>> = {
  mod_quiz_get_quizzes_by_courses: webFunction(
    z.strictObject({ courseids: z.array(int).default([]) }),
    (call, { courseids }) => {
      const answer = { quizzes: [] as unknown[], warnings: [] as unknown[] };
      for (const id of courseids) {
        const course = call.site.courses.find((each) => each.id === id);
        const hidden = course && !course.visible && !call.may('moodle/course:viewhiddencourses');
        if (!course || hidden || !call.may('moodle/course:view')) {
          answer.warnings.push(courseWarning(id, '1', 'No access rights in course context'));
        } else answer.quizzes.push(...course.quizzes.map((quiz) => shown(call, course, quiz)));
      }
      return answer;
    },
  ),

  mod_quiz_get_overrides: webFunction(quizid, (call, parameters) => {
    const { quiz } = quizFor(call, parameters.quizid);
    if (!call.may('mod/quiz:viewoverrides') && !call.may('mod/quiz:manageoverrides')) {
      throw noPermission('View quiz overrides');
    }
    return { overrides: quiz.overrides.map((each) => ({ ...each, quiz: quiz.id })) };
  }),

  mod_quiz_save_overrides: webFunction(
    z.strictObject({
      data: z.strictObject({
        quizid: int,
        overrides: z.array(
          z.strictObject({
            ...{ id: optionalInt, userid: optionalInt, groupid: optionalInt, timeopen: optionalInt },
            ...{ timeclose: optionalInt, timelimit: optionalInt, attempts: optionalInt },
            password: z.string().optional(),
          }),
        ),
      }),
    }),
    (call, { data }) => {
      const { course, quiz } = quizFor(call, data.quizid);
      if (!call.may('mod/quiz:manageoverrides')) throw noPermission('Manage quiz settings overrides');
      const ids = data.overrides.map(({ id, userid, groupid, ...values }) => {
        const same = quiz.overrides.find((each) =>
          userid ? each.userid === userid : each.groupid === groupid,
        );
        // Multiple overrides cannot be made for the same user/group.
        if (same && same.id !== id) throw invalidParameter();
        const whom = userid ? { userid } : { groupid: groupid ?? 0 };
        // What is not sent is taken back.
        const saved = override(id ?? nextOverride(call), whom, values);
        quiz.overrides = [...quiz.overrides.filter((each) => each.id !== saved.id), saved];
        return saved.id;
      });
      course.changed = call.site.now();
      return { ids };
    },
  ),

  mod_quiz_get_quiz_access_information: webFunction(quizid, (call, parameters) => {
    const { quiz } = quizFor(call, parameters.quizid);
    const own = [
      ...(quiz.timeopen || quiz.timeclose ? ['quizaccess_openclosedate'] : []),
      ...(quiz.timelimit ? ['quizaccess_timelimit'] : []),
    ];
    const plugin = quiz.rules.filter((rule) => rule !== PLUGIN_RULE || call.site.plugin);
    return {
      ...{ canattempt: false, canmanage: false, canpreview: false, canviewreports: true },
      ...{
        canreviewmyattempts: false,
        accessrules: [...plugin, ...own].map((rule) => `As ${rule} says`),
        activerulenames: [...plugin, ...own],
      },
      ...{ preventaccessreasons: [], warnings: [] },
    };
  }),
};

export const PLUGIN_FUNCTIONS: Readonly<Record<string, WebFunction>> = {
  quizaccess_probity_get_changes: webFunction(
    z.strictObject({ since: int, aftercourse: int, limit: int }),
    (call, { since, aftercourse, limit }) => {
      if (!call.may('quizaccess/probity:sync')) throw noPermission('Synchronise with Probity');
      const changed = call.site.courses
        .filter((course) => course.changed >= since && course.id > aftercourse)
        .sort((a, b) => a.id - b.id);
      const page = changed.slice(0, Math.min(limit, 500));
      return {
        // As the plugin's: what may have been missed is told again.
        time: call.site.now() - 60,
        more: changed.length > page.length,
        courses: page.map((course) => ({ id: course.id, timechanged: course.changed })),
      };
    },
  ),

  quizaccess_probity_set_states: webFunction(
    z.strictObject({
      states: z.array(
        z.strictObject({
          ...{ quizid: int, userid: int, admitted: z.enum(['0', '1']), state: z.string() },
          ...{ reason: z.string(), revision: z.string().regex(/^\d+$/) },
        }),
      ),
    }),
    (call, { states }) => {
      if (!call.may('quizaccess/probity:sync')) throw noPermission('Synchronise with Probity');
      let accepted = 0;
      for (const each of states) {
        const key = `${each.quizid}/${each.userid}`;
        const revision = BigInt(each.revision);
        const stored = call.site.states.get(key);
        if (stored && stored.revision >= revision) continue;
        const { state, reason } = each;
        call.site.states.set(key, { admitted: each.admitted === '1', state, reason, revision });
        accepted++;
      }
      return { accepted };
    },
  ),
};

function nextOverride({ site }: Call): number {
  const ids = site.courses.flatMap(({ quizzes }) =>
    quizzes.flatMap((quiz) => quiz.overrides.map(({ id }) => id)),
  );
  return Math.max(0, ...ids) + 1;
}

/** @throws as Moodle does: a quiz in a course that may not be seen asks for a login */
function quizFor({ site, may }: Call, id: number): { course: SiteCourse; quiz: Quiz } {
  const course = site.courses.find(({ quizzes }) => quizzes.some((each) => each.id === id));
  const quiz = course?.quizzes.find((each) => each.id === id);
  if (!course || !quiz) throw noRecord('quiz');
  if (!may('moodle/course:view') || !may('mod/quiz:view')) {
    throw new MoodleException(
      'core\\exception\\require_login_exception',
      'requireloginerror',
      'Course or activity not accessible.',
    );
  }
  return { course, quiz };
}

/** A quiz as its caller sees it: with the caller's own exceptions in it. */
function shown({ may }: Call, course: SiteCourse, quiz: Quiz) {
  const { id, name, visible } = quiz;
  const always = { id, coursemodule: 500 + id, course: course.id, name, intro: '', introformat: 1 };
  if (!may('mod/quiz:view')) return always;
  const groups = course.groups.filter(({ userIds }) => userIds.includes(SERVICE_USER)).map((each) => each.id);
  const own = quiz.overrides.find(({ userid }) => userid === SERVICE_USER);
  const ofGroup = quiz.overrides.find(({ groupid }) => groupid !== null && groups.includes(groupid));
  return {
    ...always,
    ...{ visible, section: 0, attempts: 0 },
    timeopen: own?.timeopen ?? ofGroup?.timeopen ?? quiz.timeopen,
    timeclose: own?.timeclose ?? ofGroup?.timeclose ?? quiz.timeclose,
    timelimit: own?.timelimit ?? ofGroup?.timelimit ?? quiz.timelimit,
  };
}
