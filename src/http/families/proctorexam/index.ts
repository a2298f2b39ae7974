import type { Family } from '../../family.js';
import { exchange, token } from './auth.js';
import { signedJson } from './decode.js';
import { documentedError, refuse } from './errors.js';
import { ROUTES } from './routes.js';

const VERSIONED = 'application/vnd.procwise.v3';

/**
 * The family `proctorexam`, at `/api/v3` below `prefix`. What differs from the document and why is in
 * `docs/families/proctorexam.md`.
 */
export function proctorexamFamily(options: { prefix?: string } = {}): Family {
  return {
    name: 'proctorexam',
    title: 'ProctorExam',
    version: '3',
    description:
      'Exams and student sessions of the ProctorExam API, version 3. Requests are signed: see ' +
      '`docs/families/proctorexam.md`.',
    prefix: `${options.prefix ?? ''}/api/v3`,
    operations: ROUTES,
    decoder: signedJson,
    accepts: [VERSIONED, 'application/json'],
    security: { type: 'apiKey', in: 'header', name: 'Authorization' },
    challenge: 'Token realm="Application"',
    token,
    exchange,
    fieldStyle: (path) => path.replace(/^(exam|enrolment)\./, ''),
    refuse: (error) => refuse(error),
    documentedError: (_row, status) => documentedError(status),
  };
}
