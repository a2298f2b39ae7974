import { StatusError } from '../../src/call/index.js';
import { Assurance, Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import {
  Consent,
  ListPoliciesResponse,
  Purpose,
} from '../../src/grpc/gen/probity/compliance/v1/consent_service.js';
import { ListAuditEntriesResponse } from '../../src/grpc/gen/probity/compliance/v1/audit_service.js';
import { CheatMode } from '../../src/grpc/gen/probity/exams/v1/feedback_service.js';
import {
  OperatingSystem,
  ProcessPolicy,
  ProcessPolicySource,
} from '../../src/grpc/gen/probity/exams/v1/process_policy_service.js';
import { Alert, AlertDecision, AlertType } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { ApiKey } from '../../src/grpc/gen/probity/identity/v1/api_key_service.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { AdmissionReason, AdmissionState } from '../../src/grpc/gen/probity/exams/v1/admission.js';
import { AttemptEvent, Gate } from '../../src/grpc/gen/probity/lms/v1/site_service.js';
import {
  IdentityProvider,
  Provisioning,
} from '../../src/grpc/gen/probity/identity/v1/identity_provider_service.js';
import { LaunchRole } from '../../src/grpc/gen/probity/lms/v1/launch_service.js';
import {
  LmsCapability,
  LmsCapabilityState,
  LmsConnection,
  LmsKind,
} from '../../src/grpc/gen/probity/lms/v1/lms_service.js';
import {
  LmsSyncAction,
  LmsSyncKind,
  LmsSyncMode,
  LmsSyncState,
  LmsWatch,
} from '../../src/grpc/gen/probity/lms/v1/lms_sync_service.js';
import { Role, User } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { CAPTURE_PAIRS } from './support/capture_pairs.js';
import type { Pair } from './support/pair.js';
import { families, startFacade, type Facade } from './support/facade.js';
import { reviewPairs } from './support/review-pairs.js';
import type { Script } from './support/scripted_core.js';

const TIME = new Date('2026-11-20T08:30:00.000Z');
const ISO = '2026-11-20T08:30:00.000Z';
const IMAGE = Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x80]);

const user = User.fromPartial({
  name: 'users/u1',
  organisation: 'organisations/UCY',
  email: 'ada@ucy.ac.cy',
  givenName: 'Ada',
  familyName: 'Lovelace',
  role: Role.ROLE_STUDENT,
  createTime: TIME,
});
const userAnswer = {
  name: 'users/u1',
  organisation: 'organisations/UCY',
  email: 'ada@ucy.ac.cy',
  givenName: 'Ada',
  familyName: 'Lovelace',
  role: 'STUDENT',
  createTime: ISO,
};
const consent = Consent.fromPartial({
  name: 'users/u1/consents/c1',
  modality: Modality.MODALITY_FACE,
  purpose: Purpose.PURPOSE_EXAM_IDENTITY,
  policyVersion: '1',
  grantTime: TIME,
  givenBy: 'users/u1',
});
const consentAnswer = {
  name: 'users/u1/consents/c1',
  modality: 'FACE',
  purpose: 'EXAM_IDENTITY',
  policyVersion: '1',
  grantTime: ISO,
  revokeTime: null,
  givenBy: 'users/u1',
  attestation: null,
};
const processPolicy = ProcessPolicy.fromPartial({
  name: 'exams/12/processPolicy',
  rules: [
    { pattern: 'skype*' },
    { pattern: 'mail', operatingSystem: OperatingSystem.OPERATING_SYSTEM_MACOS },
  ],
  source: ProcessPolicySource.PROCESS_POLICY_SOURCE_EXAM,
});
const processPolicyAnswer = {
  name: 'exams/12/processPolicy',
  source: 'EXAM',
  version: null,
  rules: [
    { pattern: 'skype*', operatingSystem: 'ANY' },
    { pattern: 'mail', operatingSystem: 'MACOS' },
  ],
};
const lmsConnection = LmsConnection.fromPartial({
  name: 'lmsConnections/c1',
  kind: LmsKind.LMS_KIND_MOODLE,
  displayName: 'Moodle',
  address: 'https://moodle.ucy.ac.cy',
  createTime: TIME,
  hasToken: true,
});
const syncSettings = {
  ...{ schedule: '0 3 * * *', watch: LmsWatch.LMS_WATCH_COURSES, courseIds: ['2'], graceDays: 7 },
  nextTime: TIME,
};
const syncSettingsAnswer = { ...syncSettings, watch: 'COURSES', nextTime: ISO };
const lmsSync = {
  ...{ name: 'lmsConnections/c1/syncs/s1', mode: LmsSyncMode.LMS_SYNC_MODE_FULL, requester: 'users/u1' },
  ...{ state: LmsSyncState.LMS_SYNC_STATE_WAITING, beginTime: TIME, endTime: undefined, retryTime: TIME },
  ...{ coursesTotal: 9, coursesDone: 3, requests: 20, message: 'It is down.' },
  counts: [{ action: LmsSyncAction.LMS_SYNC_ACTION_ADDED, count: 2 }],
};
const lmsSyncAnswer = {
  ...{ ...lmsSync, mode: 'FULL', state: 'WAITING', beginTime: ISO, endTime: null, retryTime: ISO },
  counts: [{ action: 'ADDED', count: 2 }],
};
const lmsCourse = { courseId: '2', displayName: 'Algebra', shortName: 'ALG', idNumber: '', visible: true };
const lmsActivity = {
  ...{ activityId: 'quiz:1', courseId: '2', displayName: 'Midterm', visible: true },
  ...{ limitSeconds: 3_600, watched: true },
};
const lmsConnectionAnswer = {
  name: 'lmsConnections/c1',
  kind: 'MOODLE',
  displayName: 'Moodle',
  address: 'https://moodle.ucy.ac.cy',
  createTime: ISO,
  hasToken: true,
  siteKeyTime: null,
};
const COURSES = {
  courses: [
    {
      connection: 'lmsConnections/c1',
      courseId: '2',
      displayName: 'Algebra',
      students: [{ email: 'ada@ucy.ac.cy', givenName: 'Ada', familyName: 'Lovelace' }],
    },
  ],
  problems: [{ connection: 'lmsConnections/c2', reason: 'LMS_UNAVAILABLE', message: 'It is down.' }],
};
const alert = Alert.fromPartial({
  name: 'exams/12/alerts/a1',
  session: 'exams/12/sessions/s1',
  user: 'users/u1',
  type: AlertType.ALERT_TYPE_DIFFERENT_PERSON,
  reason: 'Several frames show somebody else.',
  score: 7.5,
  threshold: 6,
  model: 'm/1',
  beginTime: TIME,
  lastTime: TIME,
  occurrences: 3,
  hasEvidence: true,
  contributions: [
    {
      ...{ modality: Modality.MODALITY_VOICE, evidence: 7.5, observations: 6, score: 0.1, threshold: 0.3 },
      ...{ logLikelihoodRatio: -4, model: 'v/1', lastTime: TIME },
    },
    { modality: Modality.MODALITY_FACE, evidence: 0, observations: 0, model: '', lastTime: TIME },
  ],
});
const alertAnswer = {
  name: 'exams/12/alerts/a1',
  session: 'exams/12/sessions/s1',
  user: 'users/u1',
  type: 'DIFFERENT_PERSON',
  reason: 'Several frames show somebody else.',
  score: 7.5,
  threshold: 6,
  model: 'm/1',
  beginTime: ISO,
  lastTime: ISO,
  endTime: null,
  occurrences: 3,
  hasEvidence: true,
  decision: null,
  decisionNote: null,
  decidedBy: null,
  decideTime: null,
  contributions: [
    {
      ...{ modality: 'VOICE', evidence: 7.5, observations: 6, score: 0.1, threshold: 0.3 },
      ...{ logLikelihoodRatio: -4, model: 'v/1', lastTime: ISO },
    },
    {
      ...{ modality: 'FACE', evidence: 0, observations: 0, score: null, threshold: null },
      ...{ logLikelihoodRatio: null, model: null, lastTime: ISO },
    },
  ],
};
const gate = Gate.fromPartial({
  ...{ admitted: true, state: AdmissionState.ADMISSION_STATE_MONITORED, student: '5', revision: 7n },
  ...{ reason: AdmissionReason.ADMISSION_REASON_NONE, monitored: true, lastHeartbeatTime: TIME },
  ...{ graceUntil: TIME, openAlerts: 1, undecidedAlerts: 2 },
});
const gateAnswer = {
  ...{ sub: '5', displayName: null, admitted: true, state: 'MONITORED', reason: 'NONE', verifiedUntil: null },
  ...{ monitored: true, lastHeartbeatTime: ISO, graceUntil: ISO, approvalRequested: false, openAlerts: 1 },
  ...{ undecidedAlerts: 2, revision: '7' },
};
const siteAlertAnswer = {
  ...{
    id: 'a1',
    sub: '5',
    type: 'DIFFERENT_PERSON',
    reason: 'Several frames show somebody else.',
    score: 7.5,
  },
  ...{ threshold: 6, modelId: 'm/1', beganTime: ISO, lastTime: ISO, endedTime: null, occurrences: 3 },
  ...{ hasEvidence: true, decision: null, decisionNote: null, decidedTime: null },
};
const FACE_CONSENT = { modality: Modality.MODALITY_FACE, purpose: Purpose.PURPOSE_EXAM_IDENTITY };

const login = { accessToken: 'at', refreshToken: 'rt', expireTime: TIME, user };
const browserSession = { accessToken: 'at', expireTime: ISO, user: userAnswer };
const identityProvider = IdentityProvider.fromPartial({
  ...{
    name: 'identityProviders/p1',
    displayName: 'UCY',
    entityId: 'https://idp.ucy.ac.cy/',
    refreshTime: TIME,
  },
  certificates: [{ fingerprint: 'ab', expireTime: TIME }],
  singleLogout: true,
  attributes: { externalId: 'e', email: 'm', givenName: 'g', familyName: 's', affiliation: 'a' },
  roles: [{ affiliation: 'student', role: Role.ROLE_STUDENT }],
  ...{
    provisioning: Provisioning.PROVISIONING_STUDENTS,
    serviceProvider: 'https://probity.test/',
    createTime: TIME,
  },
});
const identityProviderAnswer = {
  ...{
    name: 'identityProviders/p1',
    displayName: 'UCY',
    entityId: 'https://idp.ucy.ac.cy/',
    refreshTime: ISO,
  },
  ...{ metadataUrl: null, refreshProblem: null, singleLogout: true },
  certificates: [{ fingerprint: 'ab', expireTime: ISO }],
  attributes: { externalId: 'e', email: 'm', givenName: 'g', familyName: 's', affiliation: 'a' },
  roles: [{ affiliation: 'student', role: 'STUDENT' }],
  ...{ provisioning: 'STUDENTS', serviceProvider: 'https://probity.test/', createTime: ISO },
};
const providerSettings = {
  ...{ displayName: 'UCY', attributes: { email: 'mail' }, provisioning: 'STUDENTS' },
  roles: [{ affiliation: 'student', role: 'STUDENT' }],
};
const providerAsked = {
  displayName: 'UCY',
  attributes: { externalId: '', email: 'mail', givenName: '', familyName: '', affiliation: '' },
  roles: [{ affiliation: 'student', role: Role.ROLE_STUDENT }],
  provisioning: Provisioning.PROVISIONING_STUDENTS,
};
const PROVIDER = 'identityProviders/p1';
const BROWSER = 'b'.repeat(43);

/** Sign-on and identity providers. */
const SIGN_ON: Pair[] = [
  {
    id: 'beginBrowserSession',
    path: '/browser-session',
    body: { organisation: 'UCY', email: 'ada@ucy.ac.cy', password: 'secret' },
    asks: [
      'authentication.logIn',
      {
        ...{ organisation: 'organisations/UCY', email: 'ada@ucy.ac.cy', password: 'secret' },
        refreshPolicy: RefreshPolicy.REFRESH_POLICY_ROTATING,
      },
    ],
    says: login,
    answer: browserSession,
  },
  {
    id: 'refreshBrowserSession',
    path: '/browser-session/refresh',
    cookie: '__Host-probity=held',
    asks: ['authentication.refreshToken', { refreshToken: 'held', accessToken: '' }],
    says: { accessToken: 'admin', refreshToken: 'rt', expireTime: TIME },
    then: ['users.getUser', user],
    answer: { ...browserSession, accessToken: 'admin' },
  },
  {
    id: 'endBrowserSession',
    path: '/browser-session',
    cookie: 'other=1; __Host-probity=held',
    asks: ['sso.signOut', { refreshToken: 'held' }],
    says: { logoutUrl: 'https://idp.ucy.ac.cy/slo' },
    answer: { logoutUrl: 'https://idp.ucy.ac.cy/slo' },
  },
  {
    id: 'listSignInProviders',
    path: '/sso/providers?organisation=UCY',
    asks: ['sso.listSignInOptions', { organisation: 'organisations/UCY' }],
    says: { options: [{ provider: PROVIDER, displayName: 'UCY' }] },
    answer: { providers: [{ id: 'p1', displayName: 'UCY' }] },
  },
  {
    id: 'beginSignIn',
    path: '/sso/providers/p1/login?return=/review/',
    cookie: `__Host-probity-sso=${BROWSER}`,
    asks: [
      'sso.beginSignIn',
      { provider: PROVIDER, client: { $case: 'returnPath', value: '/review/' }, browser: BROWSER },
    ],
    says: { redirectUrl: 'https://idp.ucy.ac.cy/sso', browser: BROWSER },
    status: 303,
    answer: undefined,
  },
  {
    id: 'acceptSamlResponse',
    path: '/sso/providers/p1/acs',
    cookie: `__Host-probity-sso=${BROWSER}`,
    body: new URLSearchParams({ SAMLResponse: 'abc', RelayState: '' }),
    asks: ['sso.acceptSamlResponse', { provider: PROVIDER, samlResponse: 'abc', browser: BROWSER }],
    says: { outcome: { $case: 'browserLogin', value: { returnPath: '/review/', login } } },
    status: 303,
    answer: undefined,
  },
  {
    id: 'exchangeSignInCode',
    path: '/sso/tokens',
    body: { code: 'c', codeVerifier: 'v', redirectUri: 'http://127.0.0.1:1/' },
    asks: ['sso.exchangeSignInCode', { code: 'c', codeVerifier: 'v', redirectUri: 'http://127.0.0.1:1/' }],
    says: login,
    answer: { ...browserSession, refreshToken: 'rt' },
  },
  {
    id: 'acceptSamlLogoutByQuery',
    path: '/sso/providers/p1/slo?SAMLRequest=a%2Bb&Signature=c',
    asks: [
      'sso.acceptSamlLogout',
      { provider: PROVIDER, message: { $case: 'query', value: 'SAMLRequest=a%2Bb&Signature=c' } },
    ],
    says: { redirectUrl: 'https://idp.ucy.ac.cy/slo' },
    status: 303,
    answer: undefined,
  },
  {
    id: 'acceptSamlLogoutByForm',
    path: '/sso/providers/p1/slo',
    body: new URLSearchParams({ SAMLResponse: 'abc' }),
    asks: [
      'sso.acceptSamlLogout',
      {
        provider: PROVIDER,
        message: { $case: 'form', value: { samlRequest: '', samlResponse: 'abc', relayState: '' } },
      },
    ],
    says: { redirectUrl: '' },
    status: 303,
    answer: undefined,
  },
  {
    id: 'getServiceProviderMetadata',
    path: '/sso/providers/p1/metadata',
    asks: ['sso.getServiceProviderMetadata', { provider: PROVIDER }],
    says: { metadataXml: '<md:EntityDescriptor/>' },
    answer: undefined,
  },
  {
    id: 'createIdentityProvider',
    path: '/identity-providers',
    body: { ...providerSettings, metadataXml: '<md:EntityDescriptor/>' },
    asks: [
      'identityProviders.createIdentityProvider',
      { ...providerAsked, metadata: { $case: 'metadataXml', value: '<md:EntityDescriptor/>' }, entityId: '' },
    ],
    says: identityProvider,
    status: 201,
    answer: identityProviderAnswer,
  },
  {
    id: 'listIdentityProviders',
    path: '/identity-providers',
    asks: ['identityProviders.listIdentityProviders', {}],
    says: { identityProviders: [identityProvider] },
    answer: { identityProviders: [identityProviderAnswer] },
  },
  {
    id: 'getIdentityProvider',
    path: '/identity-providers/p1',
    asks: ['identityProviders.getIdentityProvider', { name: PROVIDER }],
    says: identityProvider,
    answer: identityProviderAnswer,
  },
  {
    id: 'updateIdentityProvider',
    path: '/identity-providers/p1',
    body: { ...providerSettings, metadataUrl: 'https://idp.ucy.ac.cy/metadata' },
    asks: [
      'identityProviders.updateIdentityProvider',
      {
        ...{ ...providerAsked, name: PROVIDER },
        metadata: { $case: 'metadataUrl', value: 'https://idp.ucy.ac.cy/metadata' },
      },
    ],
    says: identityProvider,
    answer: identityProviderAnswer,
  },
  {
    id: 'deleteIdentityProvider',
    path: '/identity-providers/p1',
    asks: ['identityProviders.deleteIdentityProvider', { name: PROVIDER }],
    says: {},
    status: 204,
    answer: undefined,
  },
  {
    id: 'refreshIdentityProvider',
    path: '/identity-providers/p1/refresh',
    asks: ['identityProviders.refreshIdentityProvider', { name: PROVIDER }],
    says: identityProvider,
    answer: identityProviderAnswer,
  },
  {
    id: 'linkAccount',
    path: '/identity-providers/p1/accounts',
    body: { externalId: 'ada@ucy.ac.cy', user: 'users/u1' },
    asks: [
      'identityProviders.linkAccount',
      { name: PROVIDER, externalId: 'ada@ucy.ac.cy', user: 'users/u1' },
    ],
    says: {},
    status: 204,
    answer: undefined,
  },
];

const apiKey = ApiKey.fromPartial({
  ...{ name: 'apiKeys/k1', user: 'users/u1', displayName: 'LMS', createTime: TIME, expireTime: TIME },
});
const apiKeyAnswer = {
  ...{ name: 'apiKeys/k1', user: 'users/u1', displayName: 'LMS', createTime: ISO, expireTime: ISO },
  revokeTime: null,
};

/** A request of every operation, what the core is asked by it and says, and the answer. */
const PAIRS: Pair[] = [
  ...CAPTURE_PAIRS,
  ...SIGN_ON,
  {
    id: 'listOrganisations',
    path: '/organisations',
    asks: ['organisations.listOrganisations', {}],
    says: { organisations: [{ name: 'organisations/UCY', displayName: 'University of Cyprus' }] },
    answer: { organisations: [{ name: 'organisations/UCY', displayName: 'University of Cyprus' }] },
  },
  {
    id: 'logIn',
    path: '/login',
    body: { organisation: 'UCY', email: 'ada@ucy.ac.cy', password: 'correct horse' },
    asks: [
      'authentication.logIn',
      { organisation: 'organisations/UCY', refreshPolicy: RefreshPolicy.REFRESH_POLICY_ROTATING },
    ],
    says: { accessToken: 'A', refreshToken: 'R', expireTime: TIME, user },
    answer: { accessToken: 'A', refreshToken: 'R', expireTime: ISO, user: userAnswer },
  },
  {
    id: 'refreshToken',
    path: '/refresh',
    body: { refreshToken: 'R' },
    asks: ['authentication.refreshToken', { refreshToken: 'R' }],
    says: { accessToken: 'B', refreshToken: 'S', expireTime: TIME },
    answer: { accessToken: 'B', refreshToken: 'S', expireTime: ISO },
  },
  {
    id: 'logOut',
    path: '/logout',
    asks: ['authentication.logOut', {}],
    says: {},
    status: 204,
    answer: undefined,
  },
  {
    id: 'getKeySet',
    path: '/.well-known/jwks.json',
    asks: ['authentication.getKeySet', {}],
    says: { jwksJson: '{"keys":[{"kty":"OKP","kid":"k1"}]}' },
    answer: { keys: [{ kty: 'OKP', kid: 'k1' }] },
  },
  {
    id: 'createUser',
    path: '/users',
    body: { email: 'ada@ucy.ac.cy', givenName: 'Ada', familyName: 'Lovelace', role: 'STUDENT' },
    asks: ['users.createUser', { givenName: 'Ada', password: '', role: Role.ROLE_STUDENT }],
    says: user,
    status: 201,
    answer: userAnswer,
  },
  {
    id: 'listUsers',
    path: '/users?pageSize=5&pageToken=p',
    asks: ['users.listUsers', { pageSize: 5, pageToken: 'p' }],
    says: { users: [user], nextPageToken: 'q' },
    answer: { users: [userAnswer], nextPageToken: 'q' },
  },
  {
    id: 'getUser',
    path: '/users/me',
    asks: ['users.getUser', { name: 'users/me' }],
    says: user,
    answer: userAnswer,
  },
  {
    id: 'setPassword',
    path: '/users/me/password',
    body: { currentPassword: 'old', newPassword: 'correct horse' },
    asks: ['users.setPassword', { name: 'users/me', currentPassword: 'old', newPassword: 'correct horse' }],
    says: {},
    status: 204,
    answer: undefined,
  },
  {
    id: 'createApiKey',
    path: '/api-keys',
    body: { user: 'users/u1', displayName: 'LMS' },
    asks: ['apiKeys.createApiKey', { user: 'users/u1', displayName: 'LMS' }],
    says: { apiKey, token: 'T', secret: 'S' },
    status: 201,
    answer: { apiKey: apiKeyAnswer, token: 'T', secret: 'S' },
  },
  {
    id: 'listApiKeys',
    path: '/api-keys?pageSize=5&pageToken=p',
    asks: ['apiKeys.listApiKeys', { pageSize: 5, pageToken: 'p' }],
    says: { apiKeys: [apiKey], nextPageToken: 'q' },
    answer: { apiKeys: [apiKeyAnswer], nextPageToken: 'q' },
  },
  {
    id: 'revokeApiKey',
    path: '/api-keys/k1',
    asks: ['apiKeys.revokeApiKey', { name: 'apiKeys/k1' }],
    says: { ...apiKey, revokeTime: TIME },
    answer: { ...apiKeyAnswer, revokeTime: ISO },
  },
  {
    id: 'exportSubject',
    path: '/users/me/export',
    asks: ['subjects.exportSubject', { user: 'users/me' }],
    says: { document: Buffer.from('{"users":[]}'), contentType: 'application/json' },
    answer: { users: [] },
  },
  {
    id: 'eraseSubject',
    path: '/users/me',
    asks: ['subjects.eraseSubject', { user: 'users/me' }],
    says: { eraseTime: TIME, erased: { templates: 3 } },
    answer: { eraseTime: ISO, erased: { templates: 3 } },
  },
  {
    id: 'listReferences',
    path: '/users/u1/references',
    asks: ['references.listReferences', { user: 'users/u1' }],
    says: {
      references: [
        {
          name: 'users/u1/references/face',
          modality: Modality.MODALITY_FACE,
          model: 'm/1',
          templateCount: 3,
          complete: true,
          assurance: Assurance.ASSURANCE_STAFF_APPROVED,
          enrolTime: TIME,
          expireTime: undefined,
          replacementExpireTime: TIME,
        },
      ],
    },
    answer: {
      references: [
        {
          name: 'users/u1/references/face',
          modality: 'FACE',
          model: 'm/1',
          templateCount: 3,
          complete: true,
          assurance: 'STAFF_APPROVED',
          enrolTime: ISO,
          expireTime: null,
          replacementExpireTime: ISO,
        },
      ],
    },
  },
  {
    id: 'allowReplacement',
    path: '/users/u1/references/FACE/replacement',
    body: { reason: 'New glasses.' },
    asks: ['references.allowReplacement', { name: 'users/u1/references/face', reason: 'New glasses.' }],
    says: { expireTime: TIME },
    answer: { expireTime: ISO },
  },
  {
    id: 'listPolicies',
    path: '/consent-policies',
    asks: ['consents.listPolicies', { languageCode: 'en' }],
    says: ListPoliciesResponse.fromPartial({ policies: [{ ...FACE_CONSENT, version: '1', text: 'We …' }] }),
    answer: { policies: [{ modality: 'FACE', purpose: 'EXAM_IDENTITY', version: '1', text: 'We …' }] },
  },
  {
    id: 'listConsents',
    path: '/consents',
    asks: ['consents.listConsents', { user: 'users/me' }],
    says: { consents: [consent] },
    answer: { consents: [consentAnswer] },
  },
  {
    id: 'grantConsent',
    path: '/consents',
    body: { modality: 'FACE', purpose: 'EXAM_IDENTITY', policyVersion: '1' },
    asks: ['consents.grantConsent', { ...FACE_CONSENT, policyVersion: '1' }],
    says: consent,
    status: 201,
    answer: consentAnswer,
  },
  {
    id: 'revokeConsent',
    path: '/consents/FACE/EXAM_IDENTITY',
    asks: ['consents.revokeConsent', FACE_CONSENT],
    says: { ...consent, revokeTime: TIME },
    answer: { ...consentAnswer, revokeTime: ISO },
  },
  {
    id: 'attestConsent',
    path: '/consent-attestations',
    body: {
      modality: 'FACE',
      purpose: 'EXAM_IDENTITY',
      policyVersion: '1',
      statement: 'Signed at enrolment.',
    },
    asks: ['consents.attestConsent', { ...FACE_CONSENT, user: '', statement: 'Signed at enrolment.' }],
    says: { ...consent, attestation: 'Signed at enrolment.' },
    status: 201,
    answer: { ...consentAnswer, attestation: 'Signed at enrolment.' },
  },
  {
    id: 'listAlerts',
    path: '/exams/12/alerts?user=users/u1',
    asks: ['proctoring.listAlerts', { exam: 'exams/12', user: 'users/u1', pageSize: 0, pageToken: '' }],
    says: { alerts: [alert], nextPageToken: '' },
    answer: { alerts: [alertAnswer], nextPageToken: '' },
  },
  {
    id: 'getEvidence',
    path: '/exams/12/alerts/a1/evidence',
    asks: ['proctoring.getEvidence', { alert: 'exams/12/alerts/a1' }],
    says: { image: IMAGE, contentType: 'image/jpeg' },
    answer: undefined,
  },
  {
    id: 'reviewAlert',
    path: '/exams/12/alerts/a1/review',
    body: { decision: 'DISMISSED', note: 'Her sister came in.' },
    asks: [
      'proctoring.reviewAlert',
      {
        alert: 'exams/12/alerts/a1',
        decision: AlertDecision.ALERT_DECISION_DISMISSED,
        note: 'Her sister came in.',
      },
    ],
    says: {
      ...alert,
      decision: AlertDecision.ALERT_DECISION_DISMISSED,
      decisionNote: 'Her sister came in.',
      decidedBy: 'users/u2',
    },
    answer: {
      ...alertAnswer,
      decision: 'DISMISSED',
      decisionNote: 'Her sister came in.',
      decidedBy: 'users/u2',
    },
  },
  {
    id: 'listFeedback',
    path: '/exams/12/feedback?pageSize=5',
    asks: ['feedback.listFeedback', { exam: 'exams/12', pageSize: 5, pageToken: '' }],
    says: {
      feedback: [
        {
          name: 'exams/12/feedback/f1',
          user: 'users/u1',
          cheatMode: CheatMode.CHEAT_MODE_COMMUNICATION,
          text: 'They talked.',
          createTime: TIME,
        },
      ],
      nextPageToken: 'more',
    },
    answer: {
      feedback: [
        {
          name: 'exams/12/feedback/f1',
          user: 'users/u1',
          cheatMode: 'COMMUNICATION',
          text: 'They talked.',
          createTime: ISO,
        },
      ],
      nextPageToken: 'more',
    },
  },
  ...(
    [
      ['Exam', '/exams/12', 'exams/12'],
      ['Organisation', '/organisations/UCY', 'organisations/UCY'],
    ] as const
  ).flatMap(([of, path, name]) => [
    {
      id: `get${of}ProcessPolicy`,
      path: `${path}/process-policy`,
      asks: ['processPolicies.getProcessPolicy', { name: `${name}/processPolicy` }] as [string, object],
      says: processPolicy,
      answer: processPolicyAnswer,
    },
    {
      id: `put${of}ProcessPolicy`,
      path: `${path}/process-policy`,
      body: { rules: [{ pattern: 'skype*' }, { pattern: 'mail', operatingSystem: 'MACOS' }] },
      asks: [
        'processPolicies.updateProcessPolicy',
        { policy: { name: `${name}/processPolicy`, rules: processPolicy.rules } },
      ] as [string, object],
      says: processPolicy,
      answer: processPolicyAnswer,
    },
    {
      id: `delete${of}ProcessPolicy`,
      path: `${path}/process-policy`,
      asks: ['processPolicies.deleteProcessPolicy', { name: `${name}/processPolicy` }] as [string, object],
      says: processPolicy,
      answer: processPolicyAnswer,
    },
  ]),
  {
    id: 'connectLms',
    path: '/lms-connections',
    body: { kind: 'MOODLE', displayName: 'Moodle', address: 'https://moodle.ucy.ac.cy', token: 'secret' },
    asks: [
      'lms.connectLms',
      {
        kind: LmsKind.LMS_KIND_MOODLE,
        displayName: 'Moodle',
        address: 'https://moodle.ucy.ac.cy',
        token: 'secret',
      },
    ],
    says: lmsConnection,
    status: 201,
    answer: lmsConnectionAnswer,
  },
  {
    id: 'listLmsConnections',
    path: '/lms-connections',
    asks: ['lms.listConnections', {}],
    says: { connections: [lmsConnection] },
    answer: { connections: [lmsConnectionAnswer] },
  },
  {
    id: 'deleteLmsConnection',
    path: '/lms-connections/c1',
    asks: ['lms.deleteConnection', { name: 'lmsConnections/c1' }],
    says: {},
    status: 204,
    answer: undefined,
  },
  {
    id: 'testLmsConnection',
    path: '/lms-connections/c1/test',
    asks: ['lms.testConnection', { name: 'lmsConnections/c1' }],
    says: {
      siteName: 'Moodle of UCY',
      version: '4.5.6',
      capabilities: [
        {
          capability: LmsCapability.LMS_CAPABILITY_COURSES,
          usable: false,
          missing: ['core_enrol_get_users_courses'],
          state: LmsCapabilityState.LMS_CAPABILITY_STATE_UNUSABLE,
          missingRights: ['moodle/course:view'],
          explanation: 'Why.',
        },
      ],
    },
    answer: {
      siteName: 'Moodle of UCY',
      version: '4.5.6',
      capabilities: [
        {
          ...{ capability: 'COURSES', usable: false, missing: ['core_enrol_get_users_courses'] },
          ...{ state: 'UNUSABLE', missingRights: ['moodle/course:view'], explanation: 'Why.' },
        },
      ],
    },
  },
  {
    id: 'launch',
    path: '/launches',
    body: { token: 'a.b.c' },
    asks: ['launches.launch', { token: 'a.b.c' }],
    says: {
      ...{ accessToken: 'A', refreshToken: 'R', expireTime: TIME, user, exam: 'exams/12', language: 'el' },
      ...{ role: LaunchRole.LAUNCH_ROLE_STUDENT, opener: 'https://moodle.ucy.ac.cy' },
      policy: { challenge: true, interval: 2, grace: 60, monitor: true },
    },
    status: 201,
    answer: {
      ...{
        accessToken: 'A',
        refreshToken: 'R',
        expireTime: ISO,
        user: userAnswer,
        exam: '12',
        language: 'el',
      },
      ...{ role: 'STUDENT', opener: 'https://moodle.ucy.ac.cy' },
      policy: { challenge: true, interval: 2, grace: 60, monitor: true },
    },
  },
  {
    id: 'getSite',
    path: '/site',
    asks: ['site.getSite', {}],
    says: {
      ...{ organisation: 'UCY', connection: 'lmsConnections/c1', address: 'https://moodle.ucy.ac.cy' },
      ...{ serverTime: TIME, publicUrl: 'https://probity.ucy.ac.cy', minimumPluginVersion: '0.1.0' },
    },
    answer: {
      ...{ organisation: 'UCY', connection: 'lmsConnections/c1', address: 'https://moodle.ucy.ac.cy' },
      ...{ serverTime: ISO, publicUrl: 'https://probity.ucy.ac.cy', plugin: { minimumVersion: '0.1.0' } },
    },
  },
  {
    id: 'getGate',
    path: '/site/activities/quiz%3A12/students/5',
    asks: ['site.getGate', { activity: 'quiz:12', student: '5' }],
    says: gate,
    answer: gateAnswer,
  },
  {
    id: 'listGates',
    path: '/site/activities/quiz:12/students?pageToken=t',
    asks: ['site.listGates', { activity: 'quiz:12', pageSize: 0, pageToken: 't' }],
    says: { gates: [{ ...gate, displayName: 'Ada' }], nextPageToken: '' },
    answer: { students: [{ ...gateAnswer, displayName: 'Ada' }], nextPageToken: '' },
  },
  {
    id: 'listSiteAlerts',
    path: '/site/activities/quiz:12/alerts?sub=5',
    asks: ['site.listSiteAlerts', { activity: 'quiz:12', student: '5', pageSize: 0, pageToken: '' }],
    says: { alerts: [{ student: '5', alert, decideTime: undefined }], nextPageToken: 'n' },
    answer: { alerts: [siteAlertAnswer], nextPageToken: 'n' },
  },
  {
    id: 'decideSiteApproval',
    path: '/site/activities/quiz:12/students/5/approval',
    body: { approve: true, note: 'Seen.', actor: { sub: '3', email: 't@ucy.ac.cy', name: 'Tess Tutor' } },
    asks: [
      'site.decideApproval',
      {
        ...{ activity: 'quiz:12', student: '5', approve: true, note: 'Seen.' },
        actor: { id: '3', email: 't@ucy.ac.cy', displayName: 'Tess Tutor' },
      },
    ],
    says: gate,
    answer: gateAnswer,
  },
  {
    id: 'requestSiteApproval',
    path: '/site/activities/quiz:12/students/5/approval-request',
    body: {},
    asks: ['site.requestSiteApproval', { activity: 'quiz:12', student: '5', note: '' }],
    says: gate,
    answer: gateAnswer,
  },
  {
    id: 'reviewSiteAlert',
    path: '/site/activities/quiz:12/alerts/a1/review',
    body: { decision: 'DISMISSED', actor: { sub: '3', email: 't@ucy.ac.cy', name: 'Tess Tutor' } },
    asks: [
      'site.reviewSiteAlert',
      {
        ...{ activity: 'quiz:12', alert: 'a1', decision: AlertDecision.ALERT_DECISION_DISMISSED, note: '' },
        actor: { id: '3', email: 't@ucy.ac.cy', displayName: 'Tess Tutor' },
      },
    ],
    says: {
      ...{ student: '', decideTime: TIME },
      alert: { ...alert, decision: AlertDecision.ALERT_DECISION_DISMISSED },
    },
    answer: { ...siteAlertAnswer, sub: null, decision: 'DISMISSED', decidedTime: ISO },
  },
  {
    id: 'recordAttempt',
    path: '/site/attempts',
    body: { activity: 'quiz:12', sub: '5', attempt: '9', event: 'SUBMITTED', time: ISO },
    asks: [
      'site.recordAttempt',
      {
        ...{ activity: 'quiz:12', student: '5', attempt: '9' },
        ...{ event: AttemptEvent.ATTEMPT_EVENT_SUBMITTED, eventTime: TIME },
      },
    ],
    says: {},
    status: 204,
    answer: undefined,
  },
  {
    id: 'exportPerson',
    path: '/site/people/5/export',
    asks: ['site.exportPerson', { person: '5' }],
    says: { document: Buffer.from('{}'), contentType: 'application/json' },
    answer: {},
  },
  {
    id: 'erasePerson',
    path: '/site/people/5',
    asks: ['site.erasePerson', { person: '5' }],
    says: { eraseTime: TIME, erased: { users: 1 } },
    answer: { eraseTime: ISO, erased: { users: 1 } },
  },
  {
    id: 'createSiteKey',
    path: '/lms-connections/c1/site-key',
    asks: ['lms.createSiteKey', { name: 'lmsConnections/c1' }],
    says: { siteKey: 'probity_c1_secret' },
    status: 201,
    answer: { siteKey: 'probity_c1_secret' },
  },
  {
    id: 'revokeSiteKey',
    path: '/lms-connections/c1/site-key',
    asks: ['lms.revokeSiteKey', { name: 'lmsConnections/c1' }],
    says: {},
    status: 204,
    answer: undefined,
  },
  {
    id: 'getSyncSettings',
    path: '/lms-connections/c1/sync-settings',
    asks: ['lmsSyncs.getSyncSettings', { name: 'lmsConnections/c1/syncSettings' }],
    says: { ...syncSettings, name: 'lmsConnections/c1/syncSettings' },
    answer: syncSettingsAnswer,
  },
  {
    id: 'putSyncSettings',
    path: '/lms-connections/c1/sync-settings',
    body: { schedule: '0 3 * * *', watch: 'COURSES', courseIds: ['2'], graceDays: 7 },
    asks: [
      'lmsSyncs.updateSyncSettings',
      {
        settings: {
          ...{ name: 'lmsConnections/c1/syncSettings', schedule: '0 3 * * *', courseIds: ['2'] },
          ...{ watch: LmsWatch.LMS_WATCH_COURSES, graceDays: 7 },
        },
      },
    ],
    says: { ...syncSettings, name: 'lmsConnections/c1/syncSettings' },
    answer: syncSettingsAnswer,
  },
  {
    id: 'requestSync',
    path: '/lms-connections/c1/syncs',
    asks: ['lmsSyncs.requestSync', { connection: 'lmsConnections/c1' }],
    says: lmsSync,
    status: 201,
    answer: lmsSyncAnswer,
  },
  {
    id: 'listSyncs',
    path: '/lms-connections/c1/syncs?pageSize=5&pageToken=p',
    asks: ['lmsSyncs.listSyncs', { connection: 'lmsConnections/c1', pageSize: 5, pageToken: 'p' }],
    says: { syncs: [lmsSync], nextPageToken: 'q' },
    answer: { syncs: [lmsSyncAnswer], nextPageToken: 'q' },
  },
  {
    id: 'listSyncChanges',
    path: '/lms-connections/c1/syncs/s1/changes?pageSize=5&pageToken=p',
    asks: ['lmsSyncs.listSyncChanges', { sync: lmsSync.name, pageSize: 5, pageToken: 'p' }],
    says: {
      changes: [
        {
          ...{ kind: LmsSyncKind.LMS_SYNC_KIND_MEMBER, action: LmsSyncAction.LMS_SYNC_ACTION_MISSING },
          ...{ reason: 'NOT_LISTED', courseId: '2', externalId: '4', count: 1, detail: '', findTime: TIME },
        },
      ],
      nextPageToken: 'q',
    },
    answer: {
      changes: [
        {
          ...{ kind: 'MEMBER', action: 'MISSING', reason: 'NOT_LISTED', courseId: '2', externalId: '4' },
          ...{ count: 1, detail: '', findTime: ISO },
        },
      ],
      nextPageToken: 'q',
    },
  },
  {
    id: 'listLmsCourses',
    path: '/lms-connections/c1/courses?pageSize=5&pageToken=p',
    asks: ['lmsSyncs.listLmsCourses', { connection: 'lmsConnections/c1', pageSize: 5, pageToken: 'p' }],
    says: { courses: [lmsCourse], nextPageToken: 'q' },
    answer: { courses: [lmsCourse], nextPageToken: 'q' },
  },
  {
    id: 'listLmsActivities',
    path: '/lms-connections/c1/activities?pageSize=5&pageToken=p',
    asks: ['lmsSyncs.listLmsActivities', { connection: 'lmsConnections/c1', pageSize: 5, pageToken: 'p' }],
    says: { activities: [{ ...lmsActivity, openTime: TIME, closeTime: undefined }], nextPageToken: 'q' },
    answer: { activities: [{ ...lmsActivity, openTime: ISO, closeTime: null }], nextPageToken: 'q' },
  },
  {
    id: 'listCourses',
    path: '/courses',
    asks: ['lms.listCourses', {}],
    says: COURSES,
    answer: COURSES,
  },
  {
    id: 'listModels',
    path: '/models',
    asks: ['models.listModels', {}],
    says: {
      models: [
        {
          id: 'm/1',
          role: 'face.recognise',
          sha256: 'ab',
          licence: 'MIT',
          warm: true,
          thresholds: { match: 0.4 },
        },
      ],
      workers: 2,
      queuedJobs: 0,
    },
    answer: {
      models: [
        {
          id: 'm/1',
          role: 'face.recognise',
          sha256: 'ab',
          licence: 'MIT',
          warm: true,
          thresholds: { match: 0.4 },
        },
      ],
      workers: 2,
      queuedJobs: 0,
    },
  },
  {
    id: 'listAuditEntries',
    path: '/audit?user=users/u1',
    asks: ['audit.listAuditEntries', { user: 'users/u1' }],
    says: ListAuditEntriesResponse.fromPartial({
      entries: [
        {
          id: 2n ** 60n,
          time: TIME,
          subject: 'p1',
          action: 'face.verified',
          target: 'exams/12',
          detailsJson: '{"score":0.7}',
        },
      ],
    }),
    answer: {
      entries: [
        {
          id: '1152921504606846976',
          time: ISO,
          actor: null,
          subject: 'p1',
          action: 'face.verified',
          target: 'exams/12',
          details: { score: 0.7 },
        },
      ],
      nextPageToken: '',
    },
  },
  {
    id: 'verifyAuditTrail',
    path: '/audit/verification',
    asks: ['audit.verifyAuditTrail', {}],
    says: { intact: false, firstBrokenId: 17n, checked: 40n },
    answer: { intact: false, firstBrokenId: '17', checked: '40' },
  },
  ...reviewPairs(alert, alertAnswer),
];

const table = families().find((family) => family.name === 'probity')!.operations;
const row = (id: string) => table.find((operation) => operation.id === id)!;

describe('the family probity', () => {
  let script: Script = {};
  let facade: Facade;
  beforeAll(async () => {
    facade = await startFacade({ script: new Proxy({}, { get: (_, rpc: string) => script[rpc] }) });
  });
  afterAll(() => facade.close());
  beforeEach(() => {
    facade.calls.length = 0;
  });

  const send = (pair: Pair, token = 'admin') =>
    facade.send(row(pair.id).method, `/probity/v1${pair.path}`, {
      ...(row(pair.id).auth === 'token' && { token }),
      headers: { ...(row(pair.id).ownPagesOnly && { origin: facade.url }), cookie: pair.cookie ?? '' },
      ...(pair.body !== undefined && { body: pair.body }),
      ...(pair.headers && { headers: pair.headers }),
    });

  it('has a pair for every row', () => {
    expect(PAIRS.map((pair) => pair.id).sort()).toEqual(table.map((operation) => operation.id).sort());
  });

  it.each(PAIRS)('$id', async (pair) => {
    script = {
      ...pair.also,
      [pair.asks[0]]: () => pair.says,
      ...(pair.then && { [pair.then[0]]: () => pair.then![1] }),
    };
    const answer = await send(pair);
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: pair.status ?? 200,
      body: pair.answer,
    });
    const after = [...(pair.then?.slice(0, 1) ?? []), ...Object.keys(pair.also ?? {})];
    expect(facade.calls.map((call) => call.rpc)).toEqual([pair.asks[0], ...after]);
    expect(facade.calls[0]!.request).toMatchObject(pair.asks[1]);
    expect(facade.calls[0]!.ctx.principal?.role ?? null).toBe(row(pair.id).auth === 'token' ? 'ADMIN' : null);
  });

  it('answers evidence as the picture that it is, not to be kept', async () => {
    script = { 'proctoring.getEvidence': () => ({ image: IMAGE, contentType: 'image/jpeg' }) };
    const response = await fetch(`${facade.url}/probity/v1/exams/12/alerts/a1/evidence`, {
      headers: { authorization: 'Bearer admin' },
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(IMAGE);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('lets caches keep the public keys for a while', async () => {
    script = { 'authentication.getKeySet': () => ({ jwksJson: '{"keys":[]}' }) };
    const { headers } = await facade.send('GET', '/probity/v1/.well-known/jwks.json');
    expect(headers.get('cache-control')).toBe('public, max-age=300');
  });

  describe('errors are problem documents (RFC 9457)', () => {
    const problem = (status: number, reason: string, more: object = {}) => ({
      type: `urn:probity:reason:${reason}`,
      title: expect.any(String) as string,
      status,
      detail: expect.any(String) as string,
      reason,
      requestId: expect.any(String) as string,
      ...more,
    });

    it.each(PAIRS.filter((pair) => row(pair.id).auth === 'token'))(
      '$id: 401 without a token',
      async (pair) => {
        const answer = await facade.send(row(pair.id).method, `/probity/v1${pair.path}`);
        expect([answer.status, answer.body]).toEqual([401, problem(401, 'CREDENTIALS_MISSING')]);
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
      },
    );

    it.each([
      ['TOKEN_EXPIRED', 'expired'],
      ['TOKEN_INVALID', 'forged'],
    ])('401 %s', async (reason, token) => {
      const { status, body } = await send(
        PAIRS.find((pair) => pair.id === 'getUser')!,
        token,
      );
      expect([status, body]).toEqual([401, problem(401, reason)]);
      expect(facade.calls).toEqual([]);
    });

    it('names fields of the schema and of the core alike', async () => {
      const create = PAIRS.find((pair) => pair.id === 'createUser')!;
      const shape = await send({ ...create, body: { email: 7, role: 'DEAN' } });
      expect([shape.status, shape.body]).toEqual([
        400,
        problem(400, 'INVALID_FIELDS', {
          fields: [
            { field: 'email', problem: 'bad_format', description: 'must be a string' },
            { field: 'givenName', problem: 'missing', description: 'This field is required.' },
            { field: 'familyName', problem: 'missing', description: 'This field is required.' },
            {
              field: 'role',
              problem: 'bad_format',
              description: 'must be one of STUDENT, INSTRUCTOR, ADMIN',
            },
          ],
        }),
      ]);

      script = {
        'users.createUser': () => {
          throw new StatusError('INVALID_FIELDS', 'given_name: must have 1 to 100 characters', {
            fields: [
              { field: 'given_name', problem: 'bad_format', description: 'must have 1 to 100 characters' },
            ],
          });
        },
      };
      const rules = await send(create);
      expect(rules.body).toMatchObject({ fields: [{ field: 'givenName' }] });
    });

    it.each([
      ['/audit?pageSize=0', 'pageSize'],
      ['/audit?pageSize=many', 'pageSize'],
      ['/audit?pageSize=1&pageSize=2', 'pageSize'],
      ['/users?pageSize=1001', 'pageSize'],
      ['/exams/12/alerts?user=a&user=b', 'user'],
    ])('400 for a query like %s', async (path, field) => {
      const { status, body } = await facade.send('GET', `/probity/v1${path}`, { token: 'admin' });
      expect(status).toBe(400);
      expect(body).toMatchObject({ reason: 'INVALID_FIELDS', fields: [{ field }] });
      expect(facade.calls).toEqual([]);
    });

    it.each([
      ['EMAIL_TAKEN', 409],
      ['ROLE_REQUIRED', 403],
      ['USER_NOT_FOUND', 404],
      ['REFERENCE_IN_USE', 409],
      ['ENGINE_OVERLOADED', 429],
      ['DATABASE_UNAVAILABLE', 503],
      ['DEADLINE_EXCEEDED', 504],
    ] as const)('%s is %i', async (reason, status) => {
      script = {
        'users.getUser': () => {
          throw new StatusError(reason, 'In words.', { retryAfterMs: 2100 });
        },
      };
      const answer = await send(PAIRS.find((pair) => pair.id === 'getUser')!);
      expect([answer.status, answer.body]).toEqual([
        status,
        problem(status, reason, { detail: 'In words.' }),
      ]);
      expect(answer.headers.get('retry-after')).toBe(status === 429 || status === 503 ? '3' : null);
      expect((answer.body as { requestId: string }).requestId).toBe(answer.headers.get('x-request-id'));
    });

    it('a number that is taken comes with the one to use', async () => {
      script = {
        'users.getUser': () => {
          throw new StatusError('NUMBER_TAKEN', 'In words.', { metadata: { nextNumber: '8' } });
        },
      };
      const { body } = await send(PAIRS.find((pair) => pair.id === 'getUser')!);
      expect(body).toEqual(problem(409, 'NUMBER_TAKEN', { detail: 'In words.', nextNumber: 8 }));
    });

    it('405, 415 and unparsable bodies as well', async () => {
      const patch = await facade.send('PATCH', '/probity/v1/users', { token: 'admin' });
      expect([patch.status, patch.body]).toEqual([405, problem(405, 'METHOD_NOT_ALLOWED')]);
      expect(patch.headers.get('allow')).toBe('HEAD, POST, GET');
      const form = await facade.send('POST', '/probity/v1/login', {
        body: 'a=b',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect([form.status, form.body]).toEqual([415, problem(415, 'UNSUPPORTED_MEDIA_TYPE')]);
      const broken = await facade.send('POST', '/probity/v1/login', { body: '{' });
      expect([broken.status, broken.body]).toEqual([400, problem(400, 'BODY_UNPARSABLE')]);
    });

    it('what the core answers beside its contract never leaves', async () => {
      script = { 'users.getUser': () => ({ ...user, passwordHash: 'argon2' }) };
      const { text } = await send(PAIRS.find((pair) => pair.id === 'getUser')!);
      expect(text).not.toContain('argon2');
    });
  });
});
