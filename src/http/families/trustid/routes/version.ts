import { operation, type Operation } from '../../../family.js';
import type { TrustidOptions } from '../routes.js';
import * as schemas from '../schemas.js';

export const version = ({
  serverVersion,
  clock,
}: Pick<TrustidOptions, 'serverVersion' | 'clock'>): Operation =>
  operation({
    id: 'trustidVersionList',
    method: 'GET',
    path: '/trustid_version',
    summary: 'Returns the versions of Trustid applications',
    tag: 'TrustidVersion',
    auth: 'public',
    status: 200,
    success: 'Success',
    answer: schemas.InlineResponse200_5,
    errors: [400, 405, 415, 500],
    run() {
      // There are no desktop clients of ours whose versions could be named.
      return Promise.resolve({
        message: 'The versions of the applications.',
        resource_name: 'version',
        resource_dict: {
          server_version: serverVersion,
          timestamp: clock.now() / 1000,
        },
      });
    },
  });
