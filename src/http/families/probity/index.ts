import { jsonBody } from '../../body.js';
import type { Family } from '../../family.js';
import { documentedError, refuse } from './errors.js';
import { ROUTES } from './routes.js';

/** Our own family: what belongs to no vendor. `docs/families/probity.md` describes it. */
export function probityFamily(options: { prefix?: string } = {}): Family {
  return {
    name: 'probity',
    title: 'Probity',
    version: '1',
    description:
      'Consent, export, erasure, review, audit and health: what belongs to no vendor. Errors are RFC 9457 ' +
      'problem documents with a stable `reason`.',
    prefix: options.prefix ?? '/probity/v1',
    operations: ROUTES,
    decoder: jsonBody,
    security: { type: 'http', scheme: 'bearer' },
    challenge: 'Bearer',
    token: (authorization) => /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1],
    fieldStyle: (path) => path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    refuse: (error, { requestId }) => refuse(error, requestId),
    documentedError: (_row, status) => documentedError(status),
  };
}
