import { operation, type Operation } from '../../../family.js';
import { time, userAnswer } from '../answers.js';
import * as launchSchemas from '../launch-schemas.js';
import * as schemas from '../schemas.js';
import { launchRole } from '../words.js';

const KEY = {
  path: '/lms-connections/:connection/site-key',
  tag: 'Learning management systems',
  auth: 'token',
  params: schemas.ConnectionPath,
  fields: { name: 'connection' },
  errors: [400, 401, 403, 404, 405, 500],
} as const;

/** How people come from an LMS, and the keys by which it sends them. */
export const LAUNCHES: readonly Operation[] = [
  operation({
    id: 'launch',
    method: 'POST',
    path: '/launches',
    summary: 'Signs in whoever an LMS sends, with a token that it signed',
    tag: 'Signing in',
    auth: 'public',
    body: launchSchemas.Launch,
    status: 201,
    success:
      'Tokens as of a login, and the exam; the account and the part in the exam are made where missing',
    answer: launchSchemas.Launched,
    errors: [400, 401, 403, 405, 415, 429, 500],
    async run({ body }, { core, options }) {
      const { user, policy, ...launched } = await core.launches.launch(body, options);
      if (!user || !policy) throw new Error('the core answered a launch without its user or its policy');
      return {
        ...launched,
        expireTime: time(launched.expireTime),
        user: userAnswer(user),
        exam: launched.exam.replace(/^exams\//, ''),
        role: launchRole.fromCore(launched.role),
        policy,
      };
    },
  }),
  operation({
    ...KEY,
    id: 'createSiteKey',
    method: 'POST',
    summary: 'Makes the key by which an LMS signs, and ends the one before (ADMIN)',
    status: 201,
    success: 'The key, for the settings of the plugin',
    answer: launchSchemas.SiteKey,
    async run({ params }, { core, options }) {
      return core.lms.createSiteKey({ name: `lmsConnections/${params.connection}` }, options);
    },
  }),
  operation({
    ...KEY,
    id: 'revokeSiteKey',
    method: 'DELETE',
    summary: 'Ends the site key of an LMS (ADMIN)',
    status: 204,
    success: 'What was signed by it proves nothing any more',
    async run({ params }, { core, options }) {
      await core.lms.revokeSiteKey({ name: `lmsConnections/${params.connection}` }, options);
      return undefined;
    },
  }),
];
