import { operation, type Operation } from '../../../family.js';
import { consentAnswer, policyAnswer } from '../answers.js';
import * as schemas from '../schemas.js';
import { LANGUAGES } from '../sentences.js';
import { modality, purpose } from '../words.js';
import { READ, WRITE } from './rows.js';

export const CONSENTS: readonly Operation[] = [
  operation({
    id: 'listPolicies',
    method: 'GET',
    path: '/consent-policies',
    summary: 'The texts that a person consents to, in English or Greek (`Accept-Language`)',
    tag: 'Consent',
    auth: 'public',
    status: 200,
    success: 'One a modality and purpose',
    answer: schemas.Policies,
    errors: [405, 500],
    async run(_input, { core, options, language }) {
      const { policies } = await core.consents.listPolicies({ languageCode: language(LANGUAGES) }, options);
      return {
        policies: policies.map(policyAnswer),
      };
    },
  }),
  operation({
    id: 'listConsents',
    method: 'GET',
    path: '/consents',
    summary: 'One’s consents, present and past; anyone’s as ADMIN',
    tag: 'Consent',
    auth: 'token',
    query: schemas.ConsentsQuery,
    status: 200,
    success: 'The newest first',
    answer: schemas.Consents,
    errors: READ,
    async run({ query }, { core, options }) {
      const { consents } = await core.consents.listConsents({ user: query.user ?? 'users/me' }, options);
      return { consents: consents.map(consentAnswer) };
    },
  }),
  operation({
    id: 'grantConsent',
    method: 'POST',
    path: '/consents',
    summary: 'Consents to the policy in force',
    tag: 'Consent',
    auth: 'token',
    body: schemas.GrantConsent,
    status: 201,
    success: 'The consent; consenting again changes nothing',
    answer: schemas.Consent,
    errors: WRITE,
    async run({ body }, { core, options }) {
      const request = {
        modality: modality.toCore(body.modality),
        purpose: purpose.toCore(body.purpose),
        policyVersion: body.policyVersion,
      };
      return consentAnswer(await core.consents.grantConsent(request, options));
    },
  }),
  operation({
    id: 'revokeConsent',
    method: 'DELETE',
    path: '/consents/:modality/:purpose',
    summary: 'Takes a consent back; the biometrics of that modality are deleted at once',
    tag: 'Consent',
    auth: 'token',
    params: schemas.ConsentPath,
    status: 200,
    success: 'The consent as it ended',
    answer: schemas.Consent,
    errors: READ,
    async run({ params }, { core, options }) {
      const request = { modality: modality.toCore(params.modality), purpose: purpose.toCore(params.purpose) };
      return consentAnswer(await core.consents.revokeConsent(request, options));
    },
  }),
  operation({
    id: 'attestConsent',
    method: 'POST',
    path: '/consent-attestations',
    summary: 'Attests that the organisation holds consents (ADMIN)',
    tag: 'Consent',
    auth: 'token',
    body: schemas.AttestConsent,
    status: 201,
    success: 'The consent that the attestation made',
    answer: schemas.Consent,
    errors: WRITE,
    async run({ body }, { core, options }) {
      const request = {
        modality: modality.toCore(body.modality),
        purpose: purpose.toCore(body.purpose),
        policyVersion: body.policyVersion,
        user: body.user ?? '',
        statement: body.statement,
      };
      return consentAnswer(await core.consents.attestConsent(request, options));
    },
  }),
];
