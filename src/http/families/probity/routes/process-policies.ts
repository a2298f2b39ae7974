import type { z } from 'zod';
import { ProcessPolicy } from '../../../../grpc/gen/probity/exams/v1/process_policy_service.js';
import { operation, type Operation } from '../../../family.js';
import { processPolicyAnswer } from '../answers.js';
import * as schemas from '../schemas.js';
import { operatingSystem } from '../words.js';

const TAG = 'Process policies';
const ERRORS = [400, 401, 403, 404, 405, 409, 500];

/** Rows for the programs that may not run, of whatever has such a policy. */
function rowsOf(
  of: 'Exam' | 'Organisation',
  collection: 'exams' | 'organisations',
  variable: 'exam' | 'organisation',
  params: z.ZodObject,
): Operation[] {
  const name = (read: Record<string, unknown>): string =>
    `${collection}/${String(read[variable])}/processPolicy`;
  const which = of === 'Exam' ? 'an exam' : 'the organisation';
  const who = of === 'Exam' ? 'staff' : 'ADMIN';
  const row = {
    path: `/${collection}/:${variable}/process-policy`,
    tag: TAG,
    auth: 'token',
    params,
    fields: { name: variable, 'policy.name': variable, 'policy.rules': 'rules' },
    status: 200,
    answer: schemas.ProcessPolicy,
  } as const;
  return [
    operation({
      ...row,
      id: `get${of}ProcessPolicy`,
      method: 'GET',
      summary: `Programs that may not run, as ${which} follows them, wherever the rules come from`,
      success: 'The policy in force',
      errors: [400, 401, 404, 405, 500],
      async run(input, { core, options }) {
        const request = { name: name(input.params) };
        return processPolicyAnswer(await core.processPolicies.getProcessPolicy(request, options));
      },
    }),
    operation({
      ...row,
      id: `put${of}ProcessPolicy`,
      method: 'PUT',
      summary: `Gives ${which} a policy of its own (${who}); without rules it forbids nothing`,
      body: schemas.ProcessRules,
      success: 'The policy in force from now on',
      errors: [...ERRORS, 415],
      async run(input, { core, options }) {
        const rules = input.body.rules.map((rule) => ({
          pattern: rule.pattern,
          operatingSystem: operatingSystem.toCore(rule.operatingSystem ?? 'ANY'),
        }));
        const policy = ProcessPolicy.fromPartial({ name: name(input.params), rules });
        return processPolicyAnswer(await core.processPolicies.updateProcessPolicy({ policy }, options));
      },
    }),
    operation({
      ...row,
      id: `delete${of}ProcessPolicy`,
      method: 'DELETE',
      summary: `Takes the own policy of ${which} away again (${who})`,
      success: 'The policy in force from now on',
      errors: ERRORS,
      async run(input, { core, options }) {
        const request = { name: name(input.params) };
        return processPolicyAnswer(await core.processPolicies.deleteProcessPolicy(request, options));
      },
    }),
  ];
}

export const PROCESS_POLICIES: readonly Operation[] = [
  ...rowsOf('Exam', 'exams', 'exam', schemas.ExamPath),
  ...rowsOf('Organisation', 'organisations', 'organisation', schemas.OrganisationPath),
];
