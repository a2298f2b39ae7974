import { operation, type Operation } from '../../../family.js';
import { referenceAnswer, time } from '../answers.js';
import * as schemas from '../schemas.js';
import { IN_PATH, READ, WRITE } from './rows.js';

export const REFERENCES: readonly Operation[] = [
  operation({
    id: 'listReferences',
    method: 'GET',
    path: '/users/:user/references',
    summary: 'References of a user, without templates',
    tag: 'References',
    auth: 'token',
    params: schemas.UserPath,
    fields: IN_PATH,
    status: 200,
    success: 'At most one a modality',
    answer: schemas.References,
    errors: READ,
    async run({ params }, { core, options }) {
      const { references } = await core.references.listReferences({ user: `users/${params.user}` }, options);
      return { references: references.map(referenceAnswer) };
    },
  }),
  operation({
    id: 'allowReplacement',
    method: 'POST',
    path: '/users/:user/references/:modality/replacement',
    summary: 'Lets a reference be replaced or removed once without a match (staff)',
    tag: 'References',
    auth: 'token',
    params: schemas.ReferencePath,
    body: schemas.AllowReplacement,
    fields: IN_PATH,
    status: 200,
    success: 'Until when',
    answer: schemas.Replacement,
    errors: WRITE,
    async run({ params, body }, { core, options }) {
      const name = `users/${params.user}/references/${params.modality.toLowerCase()}`;
      const { expireTime } = await core.references.allowReplacement({ name, reason: body.reason }, options);
      return { expireTime: time(expireTime) };
    },
  }),
];
