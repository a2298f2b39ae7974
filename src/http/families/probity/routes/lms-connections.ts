import { operation, type Operation } from '../../../family.js';
import { lmsConnectionAnswer, lmsReportAnswer } from '../answers.js';
import * as schemas from '../schemas.js';
import { lmsKind } from '../words.js';
import { READ, WRITE } from './rows.js';

/** What asks an LMS. */
const ASK = [...READ, 409, 503];

export const LMS_CONNECTIONS: readonly Operation[] = [
  operation({
    id: 'connectLms',
    method: 'POST',
    path: '/lms-connections',
    summary: 'Connects a learning management system (ADMIN)',
    tag: 'Learning management systems',
    auth: 'token',
    body: schemas.ConnectLms,
    status: 201,
    success: 'The connection, without its token. Nothing has been asked of it yet',
    answer: schemas.LmsConnection,
    errors: WRITE,
    async run({ body }, { core, options }) {
      const request = { ...body, token: body.token ?? '', kind: lmsKind.toCore(body.kind) };
      return lmsConnectionAnswer(await core.lms.connectLms(request, options));
    },
  }),
  operation({
    id: 'listLmsConnections',
    method: 'GET',
    path: '/lms-connections',
    summary: 'Learning management systems of the organisation (ADMIN)',
    tag: 'Learning management systems',
    auth: 'token',
    status: 200,
    success: 'All connections, by name',
    answer: schemas.LmsConnections,
    errors: READ,
    async run(_input, { core, options }) {
      const { connections } = await core.lms.listConnections({}, options);
      return { connections: connections.map(lmsConnectionAnswer) };
    },
  }),
  operation({
    id: 'deleteLmsConnection',
    method: 'DELETE',
    path: '/lms-connections/:connection',
    summary: 'Forgets a connection and destroys its token (ADMIN)',
    tag: 'Learning management systems',
    auth: 'token',
    params: schemas.ConnectionPath,
    fields: { name: 'connection' },
    status: 204,
    success: 'It is forgotten',
    errors: READ,
    async run({ params }, { core, options }) {
      await core.lms.deleteConnection({ name: `lmsConnections/${params.connection}` }, options);
      return undefined;
    },
  }),
  operation({
    id: 'testLmsConnection',
    method: 'POST',
    path: '/lms-connections/:connection/test',
    summary: 'Asks an LMS what it is, and what its token may do (ADMIN)',
    tag: 'Learning management systems',
    auth: 'token',
    params: schemas.ConnectionPath,
    fields: { name: 'connection' },
    status: 200,
    success: 'What it says of itself, and every capability',
    answer: schemas.LmsReport,
    errors: ASK,
    async run({ params }, { core, options }) {
      const name = `lmsConnections/${params.connection}`;
      return lmsReportAnswer(await core.lms.testConnection({ name }, options));
    },
  }),
  operation({
    id: 'listCourses',
    method: 'GET',
    path: '/courses',
    summary: 'Courses that the caller teaches, with their students (INSTRUCTOR, ADMIN); the read is audited',
    tag: 'Learning management systems',
    auth: 'token',
    status: 200,
    success: 'Courses of every connected LMS by name, and what could not be asked',
    answer: schemas.Courses,
    errors: ASK,
    async run(_input, { core, options }) {
      return core.lms.listCourses({}, options);
    },
  }),
];
