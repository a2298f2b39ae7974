import type { Account, Site, SiteCourse } from './site.js';

/** What the user of a token may see; Moodle answers nothing, rather than no, where a right is missing. */
export interface Rights {
  seesPeople: boolean;
  seesEmails: boolean;
  seesCourses: boolean;
}

/** A refusal as Moodle makes it: with status 200. */
export class MoodleException extends Error {
  constructor(
    readonly exception: string,
    readonly errorcode: string,
    message: string,
  ) {
    super(message);
  }
}

export const MOODLE = 'core\\exception\\moodle_exception';
export const SITE_INFO = 'core_webservice_get_site_info';

/** Parameters of a call as they arrive: `options[0][name]` is a key like any other. */
export type Parameters = ReadonlyMap<string, string>;

type WebFunction = (site: Site, parameters: Parameters, rights: Rights) => unknown;

/** The functions of the service, as recorded on Moodle 4.5.6 and 5.1.3, without the members that nobody reads. */
export const FUNCTIONS: Readonly<Record<string, WebFunction>> = {
  [SITE_INFO]: (site) => ({
    sitename: site.name,
    username: 'wsuser',
    userid: 2,
    functions: Object.keys(FUNCTIONS).map((name) => ({ name, version: '2024100706' })),
    release: site.release,
    version: '2024100706',
    // In every answer of a real site. Nobody may log it.
    userprivateaccesskey: 'a-private-key-of-the-user',
    userissiteadmin: false,
  }),

  core_user_get_users_by_field(site, parameters, { seesPeople, seesEmails }) {
    if (parameters.get('field') !== 'email') {
      throw new MoodleException('coding_exception', 'codingerror', 'Coding error detected');
    }
    if (!seesPeople || !seesEmails) return [];
    const wanted = valuesOf(parameters).map((value) => value.toLowerCase());
    return site.accounts
      .filter(({ email }) => wanted.includes(email.toLowerCase()))
      .map((account) => ({ ...named(account), email: account.email, suspended: account.suspended }));
  },

  core_enrol_get_users_courses(site, parameters, { seesCourses }) {
    const userId = Number(parameters.get('userid'));
    if (!seesCourses) return [];
    return site.courses
      .filter(
        ({ visible, enrolments }) => visible && enrolments.some((e) => e.userId === userId && !e.suspended),
      )
      .map(({ id, shortname, fullname, visible }) => ({
        ...{ id, shortname, fullname, displayname: fullname, idnumber: '', visible: visible ? 1 : 0 },
      }));
  },

  core_enrol_get_enrolled_users(site, parameters, rights) {
    const id = Number(parameters.get('courseid'));
    const course = site.courses.find((each) => each.id === id);
    if (!course) {
      throw new MoodleException('dml_missing_record_exception', 'invalidrecord', "Can't find data record.");
    }
    if (!rights.seesCourses) {
      throw new MoodleException(MOODLE, 'errorcoursecontextnotvalid', 'You cannot execute functions here.');
    }
    return peopleOf(site, course, optionsOf(parameters), rights);
  },
};

function peopleOf(
  site: Site,
  course: SiteCourse,
  options: ReadonlyMap<string, string>,
  { seesPeople, seesEmails }: Rights,
): unknown[] {
  const fields = options.get('userfields')?.split(',');
  const from = Number(options.get('limitfrom') ?? 0);
  const count = Number(options.get('limitnumber') ?? 0);
  const accounts = new Map(site.accounts.map((account) => [account.id, account]));
  const people = course.enrolments
    .filter((enrolment) => seesPeople && !(options.get('onlyactive') === '1' && enrolment.suspended))
    .flatMap(({ userId, role }) => {
      const account = accounts.get(userId);
      return account ? [{ account, role }] : [];
    })
    .sort((a, b) => a.account.id - b.account.id)
    .map(({ account, role }) => {
      const all: Record<string, unknown> = {
        ...named(account),
        ...(seesEmails && { email: account.email }),
        roles: [{ roleid: role === 'student' ? 5 : 3, name: '', shortname: role, sortorder: 0 }],
      };
      // `id` and `fullname` come whatever is asked for.
      const told = Object.entries(all).filter(
        ([name]) => !fields || fields.includes(name) || name === 'id' || name === 'fullname',
      );
      return Object.fromEntries(told);
    });
  return count > 0 ? people.slice(from, from + count) : people.slice(from);
}

function named({ id, firstname, lastname }: Account) {
  return { id, firstname, lastname, fullname: `${firstname} ${lastname}` };
}

/** `values[0]`, `values[1]`, … */
function valuesOf(parameters: Parameters): string[] {
  return [...parameters].filter(([key]) => key.startsWith('values[')).map(([, value]) => value);
}

/** `options[0][name]` and `options[0][value]`. A name that Moodle does not know is ignored without a word. */
function optionsOf(parameters: Parameters): Map<string, string> {
  const options = new Map<string, string>();
  for (const [key, name] of parameters) {
    const index = /^options\[(\d+)\]\[name\]$/.exec(key)?.[1];
    if (index !== undefined) options.set(name, parameters.get(`options[${index}][value]`) ?? '');
  }
  return options;
}
