import { operation, type Operation } from '../../family.js';
import { RefreshPolicy } from '../../../grpc/gen/probity/identity/v1/authentication_service.js';
import {
  alertAnswer,
  apiKeyAnswer,
  auditAnswer,
  consentAnswer,
  feedbackAnswer,
  lmsConnectionAnswer,
  lmsReportAnswer,
  loginAnswer,
  policyAnswer,
  referenceAnswer,
  time,
  userAnswer,
} from './answers.js';
import { BROWSER_SESSION } from './browser-session.js';
import { CAPTURE } from './capture.js';
import { IDENTITY_PROVIDERS } from './identity-providers.js';
import { LAUNCHES } from './launches.js';
import { LMS_SYNCS } from './lms-syncs.js';
import { paging } from './paging.js';
import { PROCESS_POLICIES } from './process-policies.js';
import { REVIEWS } from './reviews.js';
import * as schemas from './schemas.js';
import { SITE } from './site.js';
import { SSO } from './sso.js';
import { alertDecision, lmsKind, modality, purpose, role } from './words.js';

const READ = [400, 401, 403, 404, 405, 500];
/** What asks an LMS. */
const ASK = [...READ, 409, 503];
const WRITE = [400, 401, 403, 404, 405, 409, 415, 500];

/** Where the core names the whole resource, the caller named its last part in the path. */
const IN_PATH = { name: 'user', user: 'user' };

/** The table of our own family. */
export const ROUTES: readonly Operation[] = [
  operation({
    id: 'listOrganisations',
    method: 'GET',
    path: '/organisations',
    summary: 'Organisations of this installation',
    tag: 'Signing in',
    auth: 'public',
    status: 200,
    success: 'All organisations, by code',
    answer: schemas.Organisations,
    errors: [405, 500],
    async run(_input, { core, options }) {
      return core.organisations.listOrganisations({}, options);
    },
  }),
  operation({
    id: 'logIn',
    method: 'POST',
    path: '/login',
    summary: 'Signs in by e-mail and password',
    tag: 'Signing in',
    auth: 'public',
    body: schemas.Login,
    status: 200,
    success: 'An access token of 15 minutes, and a refresh token that every use replaces',
    answer: schemas.Tokens,
    errors: [400, 401, 405, 415, 500],
    async run({ body }, { core, options }) {
      const login = await core.authentication.logIn(
        {
          organisation: `organisations/${body.organisation}`,
          email: body.email,
          password: body.password,
          refreshPolicy: RefreshPolicy.REFRESH_POLICY_ROTATING,
        },
        options,
      );
      return loginAnswer(login);
    },
  }),
  operation({
    id: 'refreshToken',
    method: 'POST',
    path: '/refresh',
    summary: 'Answers a new access token for a refresh token, and replaces that',
    tag: 'Signing in',
    auth: 'public',
    body: schemas.Refresh,
    status: 200,
    success: 'The new tokens. Using the replaced refresh token again ends the login',
    answer: schemas.RefreshedTokens,
    errors: [400, 401, 405, 415, 500],
    async run({ body }, { core, options }) {
      const tokens = await core.authentication.refreshToken(
        { refreshToken: body.refreshToken, accessToken: '' },
        options,
      );
      return {
        accessToken: tokens.accessToken,
        refreshToken: tokens.refreshToken || null,
        expireTime: time(tokens.expireTime),
      };
    },
  }),
  operation({
    id: 'logOut',
    method: 'POST',
    path: '/logout',
    summary: 'Ends the login that the access token came from',
    tag: 'Signing in',
    auth: 'token',
    status: 204,
    success: 'The login has ended',
    errors: [401, 405, 500],
    async run(_input, { core, options }) {
      await core.authentication.logOut({}, options);
      return undefined;
    },
  }),
  operation({
    id: 'getKeySet',
    method: 'GET',
    path: '/.well-known/jwks.json',
    summary: 'Public keys that verify access tokens',
    tag: 'Signing in',
    auth: 'public',
    status: 200,
    success: 'A JSON Web Key Set',
    answer: schemas.KeySet,
    cacheSeconds: 300,
    errors: [405, 500],
    async run(_input, { core, options }) {
      const { jwksJson } = await core.authentication.getKeySet({}, options);
      return schemas.KeySet.parse(JSON.parse(jwksJson));
    },
  }),
  ...BROWSER_SESSION,
  ...SSO,
  ...IDENTITY_PROVIDERS,

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
  operation({
    id: 'exportSubject',
    method: 'GET',
    path: '/users/:user/export',
    summary: 'Everything held about a user: oneself, or anyone as ADMIN',
    tag: 'Data subjects',
    auth: 'token',
    params: schemas.UserPath,
    fields: IN_PATH,
    status: 200,
    success: 'A JSON document, with the tables it came from as keys',
    binary: 'application/json',
    errors: READ,
    async run({ params }, { core, options }) {
      const { document, contentType } = await core.subjects.exportSubject(
        { user: `users/${params.user}` },
        options,
      );
      return { bytes: document, contentType };
    },
  }),
  operation({
    id: 'eraseSubject',
    method: 'DELETE',
    path: '/users/:user',
    summary: 'Erases a user: oneself, or anyone as ADMIN',
    tag: 'Data subjects',
    auth: 'token',
    params: schemas.UserPath,
    fields: IN_PATH,
    status: 200,
    success: 'What was erased',
    answer: schemas.Erasure,
    errors: [...READ, 409],
    async run({ params }, { core, options }) {
      const done = await core.subjects.eraseSubject({ user: `users/${params.user}` }, options);
      return { eraseTime: time(done.eraseTime), erased: done.erased };
    },
  }),
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

  operation({
    id: 'listPolicies',
    method: 'GET',
    path: '/consent-policies',
    summary: 'The texts that a person consents to',
    tag: 'Consent',
    auth: 'public',
    status: 200,
    success: 'One a modality and purpose',
    answer: schemas.Policies,
    errors: [405, 500],
    async run(_input, { core, options }) {
      const { policies } = await core.consents.listPolicies({}, options);
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

  ...CAPTURE,

  operation({
    id: 'listAlerts',
    method: 'GET',
    path: '/exams/:exam/alerts',
    summary: 'Alerts of an exam, the newest first (staff)',
    tag: 'Review',
    auth: 'token',
    params: schemas.ExamPath,
    query: schemas.AlertsQuery,
    status: 200,
    success: 'A page of alerts',
    answer: schemas.Alerts,
    errors: READ,
    async run({ params, query }, { core, options }) {
      const request = { exam: `exams/${params.exam}`, user: query.user ?? '', ...paging(query) };
      const page = await core.proctoring.listAlerts(request, options);
      return { alerts: page.alerts.map(alertAnswer), nextPageToken: page.nextPageToken };
    },
  }),
  operation({
    id: 'getEvidence',
    method: 'GET',
    path: '/exams/:exam/alerts/:alert/evidence',
    summary: 'The frame that an alert rests on (staff); the read is audited',
    tag: 'Review',
    auth: 'token',
    params: schemas.AlertPath,
    status: 200,
    success: 'The picture',
    binary: 'image/jpeg',
    errors: READ,
    async run({ params }, { core, options }) {
      const alert = `exams/${params.exam}/alerts/${params.alert}`;
      const { image, contentType } = await core.proctoring.getEvidence({ alert }, options);
      return { bytes: image, contentType };
    },
  }),
  operation({
    id: 'reviewAlert',
    method: 'POST',
    path: '/exams/:exam/alerts/:alert/review',
    summary: 'Records a person’s decision on an alert (staff)',
    tag: 'Review',
    auth: 'token',
    params: schemas.AlertPath,
    body: schemas.ReviewAlert,
    status: 200,
    success: 'The alert with its decision',
    answer: schemas.Alert,
    errors: WRITE,
    async run({ params, body }, { core, options }) {
      const request = {
        alert: `exams/${params.exam}/alerts/${params.alert}`,
        decision: alertDecision.toCore(body.decision),
        note: body.note ?? '',
      };
      return alertAnswer(await core.proctoring.reviewAlert(request, options));
    },
  }),

  operation({
    id: 'listFeedback',
    method: 'GET',
    path: '/exams/:exam/feedback',
    summary: 'What students say of an exam, the newest first (staff); the read is audited',
    tag: 'Review',
    auth: 'token',
    params: schemas.ExamPath,
    query: schemas.Page,
    status: 200,
    success: 'A page of reports. They raise no alert and decide nothing',
    answer: schemas.FeedbackPage,
    errors: READ,
    async run({ params, query }, { core, options }) {
      const request = { exam: `exams/${params.exam}`, ...paging(query) };
      const page = await core.feedback.listFeedback(request, options);
      return { feedback: page.feedback.map(feedbackAnswer), nextPageToken: page.nextPageToken };
    },
  }),
  ...REVIEWS,

  ...PROCESS_POLICIES,
  ...LAUNCHES,
  ...LMS_SYNCS,
  ...SITE,

  operation({
    id: 'connectLms',
    method: 'POST',
    path: '/lms-connections',
    summary: 'Connects a learning management system (ADMIN)',
    tag: 'Learning management systems',
    auth: 'token',
    body: schemas.ConnectLms,
    status: 201,
    success: 'The connection, without its token. Nothing has been asked of it yet',
    answer: schemas.LmsConnection,
    errors: WRITE,
    async run({ body }, { core, options }) {
      const request = { ...body, token: body.token ?? '', kind: lmsKind.toCore(body.kind) };
      return lmsConnectionAnswer(await core.lms.connectLms(request, options));
    },
  }),
  operation({
    id: 'listLmsConnections',
    method: 'GET',
    path: '/lms-connections',
    summary: 'Learning management systems of the organisation (ADMIN)',
    tag: 'Learning management systems',
    auth: 'token',
    status: 200,
    success: 'All connections, by name',
    answer: schemas.LmsConnections,
    errors: READ,
    async run(_input, { core, options }) {
      const { connections } = await core.lms.listConnections({}, options);
      return { connections: connections.map(lmsConnectionAnswer) };
    },
  }),
  operation({
    id: 'deleteLmsConnection',
    method: 'DELETE',
    path: '/lms-connections/:connection',
    summary: 'Forgets a connection and destroys its token (ADMIN)',
    tag: 'Learning management systems',
    auth: 'token',
    params: schemas.ConnectionPath,
    fields: { name: 'connection' },
    status: 204,
    success: 'It is forgotten',
    errors: READ,
    async run({ params }, { core, options }) {
      await core.lms.deleteConnection({ name: `lmsConnections/${params.connection}` }, options);
      return undefined;
    },
  }),
  operation({
    id: 'testLmsConnection',
    method: 'POST',
    path: '/lms-connections/:connection/test',
    summary: 'Asks an LMS what it is, and what its token may do (ADMIN)',
    tag: 'Learning management systems',
    auth: 'token',
    params: schemas.ConnectionPath,
    fields: { name: 'connection' },
    status: 200,
    success: 'What it says of itself, and every capability',
    answer: schemas.LmsReport,
    errors: ASK,
    async run({ params }, { core, options }) {
      const name = `lmsConnections/${params.connection}`;
      return lmsReportAnswer(await core.lms.testConnection({ name }, options));
    },
  }),
  operation({
    id: 'listCourses',
    method: 'GET',
    path: '/courses',
    summary: 'Courses that the caller teaches, with their students (INSTRUCTOR, ADMIN); the read is audited',
    tag: 'Learning management systems',
    auth: 'token',
    status: 200,
    success: 'Courses of every connected LMS by name, and what could not be asked',
    answer: schemas.Courses,
    errors: ASK,
    async run(_input, { core, options }) {
      return core.lms.listCourses({}, options);
    },
  }),

  operation({
    id: 'createApiKey',
    method: 'POST',
    path: '/api-keys',
    summary: 'Makes a key for another system, which acts as a member of staff (ADMIN)',
    tag: 'API keys',
    auth: 'token',
    body: schemas.CreateApiKey,
    status: 201,
    success: 'The key, with its token and its secret. Neither is ever told again',
    answer: schemas.CreatedApiKey,
    errors: WRITE,
    async run({ body }, { core, options }) {
      const { apiKey, token, secret } = await core.apiKeys.createApiKey(body, options);
      if (!apiKey) throw new Error('the core answered no key');
      return { apiKey: apiKeyAnswer(apiKey), token, secret };
    },
  }),
  operation({
    id: 'listApiKeys',
    method: 'GET',
    path: '/api-keys',
    summary: 'Keys of the organisation, the newest first (ADMIN)',
    tag: 'API keys',
    auth: 'token',
    query: schemas.Page,
    status: 200,
    success: 'A page of keys, those that have ended too',
    answer: schemas.ApiKeys,
    errors: READ,
    async run({ query }, { core, options }) {
      const page = await core.apiKeys.listApiKeys(paging(query), options);
      return { apiKeys: page.apiKeys.map(apiKeyAnswer), nextPageToken: page.nextPageToken };
    },
  }),
  operation({
    id: 'revokeApiKey',
    method: 'DELETE',
    path: '/api-keys/:key',
    summary: 'Revokes a key: it and everything that came of it end at once (ADMIN)',
    tag: 'API keys',
    auth: 'token',
    params: schemas.ApiKeyPath,
    fields: { name: 'key' },
    status: 200,
    success: 'The key',
    answer: schemas.ApiKey,
    errors: READ,
    async run({ params }, { core, options }) {
      return apiKeyAnswer(await core.apiKeys.revokeApiKey({ name: `apiKeys/${params.key}` }, options));
    },
  }),

  operation({
    id: 'listModels',
    method: 'GET',
    path: '/models',
    summary: 'The models in use and how they are',
    tag: 'Operation',
    auth: 'token',
    status: 200,
    success: 'Models by role, and the inference pool',
    answer: schemas.Models,
    errors: [401, 405, 500],
    async run(_input, { core, options }) {
      return core.models.listModels({}, options);
    },
  }),
  operation({
    id: 'listAuditEntries',
    method: 'GET',
    path: '/audit',
    summary: 'The audit trail, the oldest first (ADMIN)',
    tag: 'Operation',
    auth: 'token',
    query: schemas.AuditQuery,
    status: 200,
    success: 'A page of entries; people are pseudonyms',
    answer: schemas.AuditEntries,
    errors: READ,
    async run({ query }, { core, options }) {
      const request = { user: query.user ?? '', ...paging(query) };
      const page = await core.audit.listAuditEntries(request, options);
      return { entries: page.entries.map(auditAnswer), nextPageToken: page.nextPageToken };
    },
  }),
  operation({
    id: 'verifyAuditTrail',
    method: 'GET',
    path: '/audit/verification',
    summary: 'Recomputes the hash chain over all sealed entries (ADMIN)',
    tag: 'Operation',
    auth: 'token',
    status: 200,
    success: 'Whether every sealed entry is as it was sealed',
    answer: schemas.AuditVerification,
    errors: READ,
    async run(_input, { core, options }) {
      const { intact, firstBrokenId, checked } = await core.audit.verifyAuditTrail({}, options);
      return {
        intact,
        firstBrokenId: intact ? null : firstBrokenId.toString(),
        checked: checked.toString(),
      };
    },
  }),
];
