import { jsonBody } from '../../body.js';
import type { Family } from '../../family.js';
import { token } from './auth.js';
import { documentedError, refuse } from './errors.js';
import { routes, type TrustidOptions } from './routes.js';

export type { TrustidOptions } from './routes.js';

/**
 * The family `trustid`, where its document puts it unless `prefix` says otherwise. What differs from the document
 * and why is in `docs/families/trustid.md`.
 */
export function trustidFamily(options: TrustidOptions & { prefix?: string }): Family {
  return {
    name: 'trustid',
    title: 'TRUSTID',
    version: String(options.serverVersion),
    description: 'The operations of the TRUSTID API that Probity serves, as their document has them.',
    prefix: options.prefix ?? '',
    operations: routes(options),
    decoder: jsonBody,
    security: { type: 'apiKey', in: 'header', name: 'Authorization' },
    challenge: 'Bearer',
    token,
    fieldStyle: (path) => path.replace(/\bgiven_name\b/, 'name').replace(/\bfamily_name\b/, 'surname'),
    refuse: (error, { operation }) => refuse(error, operation),
    documentedError,
  };
}
