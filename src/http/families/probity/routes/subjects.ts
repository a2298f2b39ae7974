import { operation, type Operation } from '../../../family.js';
import { time } from '../answers.js';
import * as schemas from '../schemas.js';
import { IN_PATH, READ } from './rows.js';

export const SUBJECTS: readonly Operation[] = [
  operation({
    id: 'exportSubject',
    method: 'GET',
    path: '/users/:user/export',
    summary: 'Everything held about a user: oneself, or anyone as ADMIN',
    tag: 'Data subjects',
    auth: 'token',
    params: schemas.UserPath,
    fields: IN_PATH,
    status: 200,
    success: 'A JSON document, with the tables it came from as keys',
    binary: 'application/json',
    errors: READ,
    async run({ params }, { core, options }) {
      const { document, contentType } = await core.subjects.exportSubject(
        { user: `users/${params.user}` },
        options,
      );
      return { bytes: document, contentType };
    },
  }),
  operation({
    id: 'eraseSubject',
    method: 'DELETE',
    path: '/users/:user',
    summary: 'Erases a user: oneself, or anyone as ADMIN',
    tag: 'Data subjects',
    auth: 'token',
    params: schemas.UserPath,
    fields: IN_PATH,
    status: 200,
    success: 'What was erased',
    answer: schemas.Erasure,
    errors: [...READ, 409],
    async run({ params }, { core, options }) {
      const done = await core.subjects.eraseSubject({ user: `users/${params.user}` }, options);
      return { eraseTime: time(done.eraseTime), erased: done.erased };
    },
  }),
];
