import { StatusError } from '../call/index.js';
import { connectionName } from './presenter.js';

export function connectionNotFound(id: string): StatusError {
  return new StatusError('CONNECTION_NOT_FOUND', 'There is no such connection.', {
    resource: { type: 'lms_connection', name: connectionName(id) },
  });
}
