import { StatusError } from '../call/index.js';

/** @param name of the resource, as the caller used it */
export function userNotFound(name: string): StatusError {
  return new StatusError('USER_NOT_FOUND', 'There is no such user.', { resource: { type: 'user', name } });
}
