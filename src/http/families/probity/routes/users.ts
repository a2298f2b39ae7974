import { operation, type Operation } from '../../../family.js';
import { userAnswer } from '../answers.js';
import { paging } from '../paging.js';
import * as schemas from '../schemas.js';
import { role } from '../words.js';
import { IN_PATH, READ, WRITE } from './rows.js';

export const USERS: readonly Operation[] = [
  operation({
    id: 'createUser',
    method: 'POST',
    path: '/users',
    summary: 'Creates a user of any role (ADMIN)',
    tag: 'Users',
    auth: 'token',
    body: schemas.CreateUser,
    status: 201,
    success: 'The user',
    answer: schemas.User,
    errors: WRITE,
    async run({ body }, { core, options }) {
      const { password, role: word, ...person } = body;
      const request = { ...person, password: password ?? '', role: role.toCore(word) };
      return userAnswer(await core.users.createUser(request, options));
    },
  }),
  operation({
    id: 'listUsers',
    method: 'GET',
    path: '/users',
    summary: 'Users of the organisation, by e-mail (ADMIN)',
    tag: 'Users',
    auth: 'token',
    query: schemas.Page,
    status: 200,
    success: 'A page of users',
    answer: schemas.Users,
    errors: READ,
    async run({ query }, { core, options }) {
      const page = await core.users.listUsers(paging(query), options);
      return { users: page.users.map(userAnswer), nextPageToken: page.nextPageToken };
    },
  }),
  operation({
    id: 'getUser',
    method: 'GET',
    path: '/users/:user',
    summary: 'Oneself (`me`), or anyone of the organisation for staff',
    tag: 'Users',
    auth: 'token',
    params: schemas.UserPath,
    fields: IN_PATH,
    status: 200,
    success: 'The user',
    answer: schemas.User,
    errors: READ,
    async run({ params }, { core, options }) {
      return userAnswer(await core.users.getUser({ name: `users/${params.user}` }, options));
    },
  }),
  operation({
    id: 'setPassword',
    method: 'PUT',
    path: '/users/:user/password',
    summary: 'Sets a password: one’s own with the present one, or anyone’s as ADMIN',
    tag: 'Users',
    auth: 'token',
    params: schemas.UserPath,
    body: schemas.SetPassword,
    fields: IN_PATH,
    status: 204,
    success: 'The password is set; every other login of the user has ended',
    errors: WRITE,
    async run({ params, body }, { core, options }) {
      await core.users.setPassword(
        {
          name: `users/${params.user}`,
          currentPassword: body.currentPassword ?? '',
          newPassword: body.newPassword,
        },
        options,
      );
      return undefined;
    },
  }),
];
