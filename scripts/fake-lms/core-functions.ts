import { z } from 'zod';
import {
  courseFor,
  courseWarning,
  flag,
  int,
  MoodleException,
  noPermission,
  nothing,
  noRecord,
  webFunction,
  type Call,
  type WebFunction,
} from './call.js';
import { SERVICE_USER, type Account, type SiteCourse } from './site.js';

const ROLES = { manager: 1, editingteacher: 3, teacher: 4, student: 5 };

/** Functions of Moodle's core, as recorded on 4.5.6 and 5.1.3, without the members that nobody reads. */
export const CORE_FUNCTIONS: Readonly<Record<string, WebFunction>> = {
  core_webservice_get_site_info: webFunction(nothing, ({ site, functions }) => ({
    sitename: site.name,
    username: 'wsuser',
    userid: SERVICE_USER,
    functions: functions.map((name) => ({ name, version: '2024100706' })),
    release: site.release,
    version: '2024100706',
    // In every answer of a real site. Nobody may log it.
    userprivateaccesskey: 'a-private-key-of-the-user',
    userissiteadmin: false,
  })),

  core_course_get_courses: webFunction(
    z.strictObject({ options: z.strictObject({ ids: z.array(int) }).optional() }),
    (call, { options }) => {
      const wanted = call.site.courses.filter(({ id }) => !options || options.ids.includes(id));
      // One that may not be seen fails the whole.
      return wanted.map(({ id }) => listed(call, courseFor(call, id)));
    },
  ),

  core_course_get_courses_by_field: webFunction(
    z.strictObject({ field: z.string().default(''), value: z.string().default('') }),
    (call, { field, value }) => {
      const named = value.split(',');
      const matches = (course: SiteCourse): boolean => {
        switch (field) {
          case '':
            return true;
          case 'id':
          case 'ids':
            return named.includes(String(course.id));
          case 'idnumber':
            return course.idnumber === value;
          case 'shortname':
            return course.shortname === value;
          default:
            throw new MoodleException('core\\exception\\invalid_parameter_exception', 'invalidparameter', '');
        }
      };
      const seen = call.site.courses.filter(
        (course) => matches(course) && (course.visible || call.may('moodle/course:viewhiddencourses')),
      );
      const courses = seen.map((course) => listed(call, course));
      return { courses: field === '' ? [frontPage(call), ...courses] : courses, warnings: [] };
    },
  ),

  core_user_get_users_by_field: webFunction(
    z.strictObject({ field: z.string(), values: z.array(z.string()) }),
    (call, { field, values }) => {
      if (!['id', 'idnumber', 'username', 'email'].includes(field)) {
        throw new MoodleException(
          'core\\exception\\coding_exception',
          'codingerror',
          'Coding error detected',
        );
      }
      const wanted = new Set(values.map((value) => value.toLowerCase()));
      return call.site.accounts
        .filter((each) => wanted.has(String(each[field as keyof Account]).toLowerCase()))
        .filter(({ deleted }) => !deleted || field === 'id')
        .filter(({ id }) => id === SERVICE_USER || seesAccounts(call))
        .map((each) => accountOf(call, each));
    },
  ),

  core_user_get_users: webFunction(
    z.strictObject({ criteria: z.array(z.strictObject({ key: z.string(), value: z.string() })) }),
    (call, { criteria }) => {
      const known = criteria.filter(({ key }) => ['id', 'email', 'username', 'idnumber'].includes(key));
      const unknown = criteria.filter((each) => !known.includes(each));
      const users = call.site.accounts
        .filter(({ deleted, id }) => !deleted && (id === SERVICE_USER || seesAccounts(call)))
        // A criterion that Moodle does not know is dropped, and everybody meets those that are left.
        .filter((each) => known.every(({ key, value }) => like(String(each[key as keyof Account]), value)))
        .map((each) => accountOf(call, each));
      const warnings = unknown.map(({ key }) => ({
        ...{ item: key, warningcode: 'invalidfieldparameter' },
        message: `The search key '${key}' is not supported, look at the web service documentation`,
      }));
      return { users, warnings };
    },
  ),

  core_enrol_get_users_courses: webFunction(
    z.strictObject({ userid: int, returnusercount: flag.default(true) }),
    (call, { userid }) => {
      if (!call.may('moodle/course:view')) return [];
      return call.site.courses
        .filter(
          ({ visible, enrolments }) =>
            visible && enrolments.some((each) => each.userId === userid && !each.suspended),
        )
        .map(({ id, shortname, fullname, visible, idnumber }) => ({
          ...{ id, shortname, fullname, displayname: fullname, idnumber, visible: visible ? 1 : 0 },
        }));
    },
  ),

  core_enrol_get_enrolled_users: webFunction(
    z.strictObject({
      courseid: int,
      options: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
    }),
    (call, { courseid, options }) => {
      const course = courseFor(call, courseid);
      // A name that Moodle does not know is ignored without a word.
      return peopleOf(call, course, new Map(options.map(({ name, value }) => [name, value])));
    },
  ),

  core_group_get_course_groups: webFunction(z.strictObject({ courseid: int }), (call, { courseid }) => {
    const course = courseFor(call, courseid);
    if (!call.may('moodle/course:managegroups')) throw noPermission('Manage groups');
    return course.groups.map(({ id, name }) => ({ id, courseid, name, description: '', idnumber: '' }));
  }),

  core_group_get_group_members: webFunction(
    z.strictObject({ groupids: z.array(int) }),
    (call, { groupids }) =>
      groupids.map((groupid) => {
        const course = call.site.courses.find(({ groups }) => groups.some(({ id }) => id === groupid));
        if (!course) throw noRecord('groups');
        courseFor(call, course.id);
        if (!call.may('moodle/course:managegroups')) throw noPermission('Manage groups');
        return { groupid, userids: course.groups.find(({ id }) => id === groupid)?.userIds ?? [] };
      }),
  ),

  mod_assign_get_assignments: webFunction(
    z.strictObject({
      courseids: z.array(int).default([]),
      includenotenrolledcourses: flag.default(false),
    }),
    (call, { courseids, includenotenrolledcourses }) => {
      const answer = { courses: [] as unknown[], warnings: [] as unknown[] };
      for (const id of courseids) {
        const course = call.site.courses.find((each) => each.id === id);
        const enrolled = course?.enrolments.some(({ userId }) => userId === SERVICE_USER);
        const sees = call.may('moodle/course:view') && call.may('mod/assign:view');
        // Somebody who is enrolled nowhere is told nothing unless they ask for it.
        if (course && sees && (enrolled || includenotenrolledcourses)) {
          const { fullname, shortname, assignments } = course;
          const shown = assignments.map((each) => ({ ...each, cmid: 1000 + each.id, course: id, intro: '' }));
          answer.courses.push({ id, fullname, shortname, timemodified: course.changed, assignments: shown });
        } else {
          const message = 'User is not enrolled or does not have requested capability';
          answer.warnings.push(courseWarning(id, '2', message));
        }
      }
      return answer;
    },
  ),
};

function frontPage({ site }: Call) {
  return {
    ...{ id: 1, shortname: 'site', fullname: site.name, displayname: site.name, categoryid: 0, visible: 1 },
    ...{ format: 'site', summary: '' },
  };
}

function listed({ may }: Call, course: SiteCourse) {
  const { id, shortname, fullname, visible, idnumber, changed } = course;
  return {
    ...{ id, shortname, fullname, displayname: fullname, categoryid: 2, summary: '<p>Intro</p>' },
    ...(may('moodle/course:update') && {
      ...{ idnumber, format: 'topics', visible: visible ? 1 : 0, timemodified: changed },
    }),
  };
}

const seesAccounts = ({ may }: Call): boolean =>
  may('moodle/user:viewdetails') && may('moodle/site:viewuseridentity');

function accountOf({ may }: Call, each: Account) {
  const { username, idnumber, email, suspended, deleted } = each;
  return {
    ...named(each),
    ...(may('moodle/user:viewalldetails') && { username, ...(deleted || !idnumber ? {} : { idnumber }) }),
    ...{ email, suspended, confirmed: true, lang: 'en', auth: 'manual' },
  };
}

function like(value: string, pattern: string): boolean {
  const parts = pattern.toLowerCase().split('%');
  if (parts.length === 1) return value.toLowerCase() === parts[0];
  return value.toLowerCase().startsWith(parts[0] ?? '') && value.toLowerCase().endsWith(parts.at(-1) ?? '');
}

function peopleOf(call: Call, course: SiteCourse, options: ReadonlyMap<string, string>): unknown[] {
  const { site, may } = call;
  const fields = options.get('userfields')?.split(',');
  const from = Number(options.get('limitfrom') ?? 0);
  const count = Number(options.get('limitnumber') ?? 0);
  const onlyActive = options.get('onlyactive') === '1';
  const onlySuspended = options.get('onlysuspended') === '1';
  if ((onlyActive || onlySuspended) && !may('moodle/course:enrolreview')) {
    throw noPermission('Review course enrolments');
  }
  const accounts = accountsById(site);
  const people = course.enrolments
    .filter(({ suspended }) => !(onlyActive && suspended) && !(onlySuspended && !suspended))
    .filter(() => may('moodle/user:viewdetails'))
    .flatMap(({ userId, role }) => {
      const account = accounts.get(userId);
      return account ? [{ account, role }] : [];
    })
    .sort((a, b) => a.account.id - b.account.id);
  const page = count > 0 ? people.slice(from, from + count) : people.slice(from);
  return page.map(({ account, role }) => {
    const groups = course.groups
      .filter(({ userIds }) => userIds.includes(account.id))
      .map(({ id, name }) => ({ id, name, description: '', descriptionformat: 1 }));
    const all: Record<string, unknown> = {
      ...named(account),
      ...(may('moodle/user:viewalldetails') && { username: account.username, idnumber: account.idnumber }),
      ...(may('moodle/site:viewuseridentity') && { email: account.email }),
      ...(groups.length > 0 && { groups }),
      roles: [{ roleid: ROLES[role], name: '', shortname: role, sortorder: 0 }],
    };
    // `id` and `fullname` come whatever is asked for.
    const told = Object.entries(all).filter(
      ([name]) => !fields || fields.includes(name) || name === 'id' || name === 'fullname',
    );
    return Object.fromEntries(told);
  });
}

const indexes = new WeakMap<Account[], Map<number, Account>>();

/** Rebuilt when accounts were added or taken away; changed ones are the same objects. */
function accountsById({ accounts }: Call['site']): ReadonlyMap<number, Account> {
  const known = indexes.get(accounts);
  if (known?.size === accounts.length) return known;
  const built = new Map(accounts.map((account) => [account.id, account]));
  indexes.set(accounts, built);
  return built;
}

function named({ id, firstname, lastname }: Account) {
  return { id, firstname, lastname, fullname: `${firstname} ${lastname}` };
}
