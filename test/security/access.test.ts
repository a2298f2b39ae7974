import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { Code, REASONS, StatusError, type Reason } from '../../src/call/index.js';
import { services, type CallOptions, type Core, type Services } from '../../src/grpc/index.js';
import { startApp, type RunningApp } from '../support/app.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';
import { scriptedProvider } from '../support/identity-provider.js';

/*
 * Who may call what: every rpc of the contract as seven callers, over the composed service. An rpc without a row fails.
 * What belongs to another organisation, or to another teacher, is not found; that it exists is told nobody.
 */

const CALLERS = [
  'nobody',
  'student',
  'other student',
  'instructor',
  'owner',
  'admin',
  'foreign admin',
] as const;
type Caller = (typeof CALLERS)[number];
type Verdict = 'OK' | Reason;

interface Row {
  /** The request of one caller; what it uses up, it makes anew for each. */
  request(world: World, caller: Caller): unknown;
  /** Who is served, and why the others are not. */
  verdicts: Readonly<Record<Caller, Verdict>>;
  /** Whether the call ends the login that it is made with. */
  endsLogin?: boolean;
}

type Table = { readonly [S in keyof Services]: { readonly [M in keyof Services[S]]: Row } };

interface World {
  core: Core;
  options: Record<Caller, CallOptions>;
  /** Names of the student's user, of their exam that is to come, and of the one they sit; of an alert about them. */
  student: string;
  exam: string;
  running: string;
  alert: string;
  /** Of an LMS of their organisation. */
  connection: string;
  /** Of an identity provider of their organisation. */
  provider: string;
  /** Name of the student's enrolment in the exam that is to come, and of the instructor's user. */
  enrolment: string;
  instructor: string;
  /** A picture without a face. */
  picture: Buffer;
  policyVersion: string;
  logIn(caller: Caller): Promise<CallOptions>;
  /** A user whom nobody needs, by name. */
  throwaway(): Promise<string>;
  throwawayExam(): Promise<string>;
  throwawayEnrolment(): Promise<string>;
  throwawayKey(): Promise<string>;
  /** An e-mail that nobody has. */
  email(): string;
}

const PASSWORD = 'a long enough password';
const ROLE = { student: 'ROLE_STUDENT', teacher: 'ROLE_INSTRUCTOR' } as const;
const FACE = { modality: 'MODALITY_FACE', purpose: 'PURPOSE_EXAM_IDENTITY' };

const all = (verdict: Verdict): Row['verdicts'] =>
  Object.fromEntries(CALLERS.map((caller) => [caller, verdict])) as Row['verdicts'];
const signedIn = (verdict: Verdict): Row['verdicts'] => ({ ...all(verdict), nobody: 'CREDENTIALS_MISSING' });
const students = { student: 'ROLE_REQUIRED', 'other student': 'ROLE_REQUIRED' } as const;

/** For the owner and the administration; what else there is. */
const staffOfExam = (found: Verdict, hidden: Verdict): Row['verdicts'] => ({
  ...signedIn(hidden),
  ...students,
  owner: found,
  admin: found,
});
/** For the enrolled student alone. */
const enrolled = (found: Verdict): Row['verdicts'] => ({ ...signedIn('EXAM_NOT_FOUND'), student: found });
/** For the person, and for the staff of their organisation. */
const personAndStaff = (found: Verdict): Row['verdicts'] => ({
  ...signedIn(found),
  'other student': 'USER_NOT_FOUND',
  'foreign admin': 'USER_NOT_FOUND',
});
/** For the person, and for the administration of their organisation. */
const personAndAdmin = (found: Verdict): Row['verdicts'] => ({
  ...signedIn('USER_NOT_FOUND'),
  student: found,
  admin: found,
});
/** For every administration, each about its own organisation. */
const admins = (found: Verdict, foreign: Verdict): Row['verdicts'] => ({
  ...signedIn('ROLE_REQUIRED'),
  admin: found,
  'foreign admin': foreign,
});

const examDetails = {
  displayName: 'An exam',
  type: 'EXAM_TYPE_WRITTEN',
  duration: { seconds: 3600n, nanos: 0 },
  privacyPolicy: '',
  additionalMaterial: false,
};
const newExam = () => ({ exam: { ...examDetails, scheduleTime: new Date(Date.now() + 3_600_000) } });

const providerSettings = {
  ...{ displayName: 'UCY', attributes: undefined, roles: [], provisioning: 'PROVISIONING_OFF' },
};
/** Of an identity provider that nobody runs. */
const metadataOf = async (entityId: string): Promise<string> => (await scriptedProvider(entityId)).metadata();

const newEnrolment = {
  ...{ displayName: 'A B', externalId: '', individualInfo: '' },
  ...{ individualInfoHtml: false, skipRequirements: false },
};

const TABLE: Table = {
  organisations: { listOrganisations: { request: () => ({}), verdicts: all('OK') } },
  users: {
    registerUser: {
      request: (world) => ({
        ...{ organisation: 'organisations/UCY', email: world.email(), givenName: 'A', familyName: 'B' },
        ...{ password: PASSWORD, role: ROLE.student },
      }),
      verdicts: all('OK'),
    },
    createUser: {
      request: (world) => ({
        ...{ email: world.email(), givenName: 'A', familyName: 'B', password: '', role: ROLE.teacher },
      }),
      verdicts: admins('OK', 'OK'),
    },
    getUser: { request: ({ student }) => ({ name: student }), verdicts: personAndStaff('OK') },
    listUsers: { request: () => ({ pageSize: 0, pageToken: '' }), verdicts: admins('OK', 'OK') },
    setPassword: {
      request: async (world) => ({
        ...{ name: await world.throwaway(), currentPassword: PASSWORD, newPassword: `${PASSWORD}!` },
      }),
      verdicts: admins('OK', 'USER_NOT_FOUND'),
    },
  },
  authentication: {
    logIn: {
      request: (world) => ({
        ...{ organisation: 'organisations/UCY', email: world.email(), password: PASSWORD },
        refreshPolicy: 'REFRESH_POLICY_UNSPECIFIED',
      }),
      verdicts: all('CREDENTIALS_WRONG'),
    },
    refreshToken: {
      request: () => ({ refreshToken: 'x'.repeat(43), accessToken: '' }),
      verdicts: all('TOKEN_INVALID'),
    },
    logOut: { request: () => ({}), verdicts: signedIn('OK'), endsLogin: true },
    getKeySet: { request: () => ({}), verdicts: all('OK') },
  },
  apiKeys: {
    createApiKey: {
      request: ({ instructor: user }) => ({ user, displayName: 'LMS' }),
      verdicts: admins('OK', 'USER_NOT_FOUND'),
    },
    listApiKeys: { request: () => ({ pageSize: 0, pageToken: '' }), verdicts: admins('OK', 'OK') },
    revokeApiKey: {
      request: async (world) => ({ name: await world.throwawayKey() }),
      verdicts: admins('OK', 'API_KEY_NOT_FOUND'),
    },
    exchangeSignature: {
      request: () => ({
        ...{ token: 'x'.repeat(43), signature: '0'.repeat(64), parameterNames: ['nonce', 'timestamp'] },
        parameters: [
          { name: 'nonce', value: '1', inPath: false },
          { name: 'timestamp', value: String(Date.now()), inPath: false },
        ],
      }),
      verdicts: all('TOKEN_INVALID'),
    },
  },
  faces: {
    detectFaces: { request: ({ picture: image }) => ({ image }), verdicts: signedIn('OK') },
    assessFace: { request: ({ picture: image }) => ({ image }), verdicts: signedIn('OK') },
    extractTemplate: { request: ({ picture: image }) => ({ image }), verdicts: signedIn('OK') },
    compareFaces: {
      request: ({ picture }) => ({
        probe: { sample: { $case: 'image', value: picture } },
        reference: { sample: { $case: 'image', value: picture } },
      }),
      verdicts: signedIn('OK'),
    },
  },
  // The student has taken their consent back: who may ask for them learns that, and nothing is analysed.
  references: {
    enrolFace: {
      request: ({ student: user, picture }) => ({ user, images: [picture] }),
      verdicts: personAndStaff('CONSENT_REQUIRED'),
    },
    verifyFace: {
      request: ({ student: user, picture: image }) => ({ user, image }),
      verdicts: personAndStaff('CONSENT_REQUIRED'),
    },
    listReferences: { request: ({ student: user }) => ({ user }), verdicts: personAndStaff('OK') },
    deleteReference: {
      request: ({ student }) => ({ name: `${student}/references/face`, image: Buffer.alloc(0) }),
      verdicts: personAndStaff('REFERENCE_NOT_FOUND'),
    },
    allowReplacement: {
      request: ({ student }) => ({ name: `${student}/references/face`, reason: 'seen in person' }),
      verdicts: { ...signedIn('OK'), ...students, 'foreign admin': 'USER_NOT_FOUND' },
    },
  },
  handwriting: {
    enrolHandwriting: {
      request: ({ student: user, picture }) => ({ user, samples: [picture] }),
      verdicts: personAndStaff('CONSENT_REQUIRED'),
    },
    verifyHandwriting: {
      request: ({ student: user, picture: sample }) => ({ user, sample }),
      verdicts: personAndStaff('CONSENT_REQUIRED'),
    },
  },
  // As with faces: nothing of a student without consent is analysed.
  voices: {
    analyseVoice: {
      request: () => ({ recording: Buffer.from('no recording') }),
      verdicts: signedIn('AUDIO_UNREADABLE'),
    },
    enrolVoice: {
      request: ({ student: user }) => ({ user, recordings: [Buffer.from('no recording')] }),
      verdicts: personAndStaff('CONSENT_REQUIRED'),
    },
    verifyVoice: {
      request: ({ student: user }) => ({ user, recording: Buffer.from('no recording') }),
      verdicts: personAndStaff('CONSENT_REQUIRED'),
    },
  },
  models: { listModels: { request: () => ({}), verdicts: signedIn('OK') } },
  // Nobody has consented to it.
  interaction: {
    trainInteraction: {
      request: ({ student: user }) => ({ user, dataset: '{}' }),
      verdicts: personAndStaff('CONSENT_REQUIRED'),
    },
    testInteraction: {
      request: ({ student: user }) => ({ user, dataset: '{}' }),
      verdicts: personAndStaff('CONSENT_REQUIRED'),
    },
  },
  // The student has nothing enrolled any more.
  wallet: {
    registerPhone: { request: () => ({ pushToken: '' }), verdicts: signedIn('OK') },
    handOver: {
      request: () => ({ modality: 'MODALITY_FACE', pushToken: '' }),
      verdicts: signedIn('REFERENCE_MISSING'),
    },
    requestTemplates: { request: ({ student: user }) => ({ user }), verdicts: personAndStaff('OK') },
    returnTemplates: {
      request: () => ({ answers: [{ modality: 'MODALITY_FACE', template: Buffer.from('PBW1') }] }),
      verdicts: signedIn('TEMPLATE_INVALID'),
    },
    getWalletStatus: { request: ({ student: user }) => ({ user }), verdicts: personAndStaff('OK') },
  },
  exams: {
    createExam: { request: newExam, verdicts: { ...signedIn('OK'), ...students } },
    getExam: {
      request: ({ exam: name }) => ({ name }),
      verdicts: { ...signedIn('EXAM_NOT_FOUND'), student: 'OK', owner: 'OK', admin: 'OK' },
    },
    listExams: { request: () => ({ pageSize: 0, pageToken: '' }), verdicts: signedIn('OK') },
    searchExams: {
      request: () => ({ conditions: [], order: [], pageSize: 0, skip: 0 }),
      verdicts: signedIn('OK'),
    },
    updateExam: {
      request: ({ exam: name }) => ({
        exam: { ...newExam().exam, name },
        updateMask: ['additional_material'],
      }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
    deleteExam: {
      request: async (world) => ({ name: await world.throwawayExam() }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
    startExam: {
      request: async (world) => ({ name: await world.throwawayExam() }),
      verdicts: { ...staffOfExam('OK', 'EXAM_NOT_FOUND'), admin: 'ROLE_REQUIRED' },
    },
    batchEnrolStudents: {
      request: (world) => ({
        exam: world.exam,
        students: [{ email: world.email(), givenName: 'A', familyName: 'B' }],
      }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
    listExamStudents: {
      request: ({ exam }) => ({ exam, pageSize: 0, pageToken: '' }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
  },
  enrolments: {
    createEnrolment: {
      request: (world) => ({ enrolment: { ...newEnrolment, exam: world.exam, email: world.email() } }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
    getEnrolment: {
      request: ({ enrolment: name }) => ({ name }),
      verdicts: staffOfExam('OK', 'ENROLMENT_NOT_FOUND'),
    },
    searchEnrolments: {
      request: ({ exam }) => ({ exam, conditions: [], order: [], pageSize: 0, skip: 0 }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
    updateEnrolment: {
      request: ({ enrolment: name }) => ({
        enrolment: { ...newEnrolment, name, externalId: 'ucy-1' },
        updateMask: ['external_id'],
      }),
      verdicts: staffOfExam('OK', 'ENROLMENT_NOT_FOUND'),
    },
    deleteEnrolment: {
      request: async (world) => ({ name: await world.throwawayEnrolment() }),
      verdicts: staffOfExam('OK', 'ENROLMENT_NOT_FOUND'),
    },
  },
  identification: {
    identifyStudent: {
      request: ({ exam, picture: image }) => ({ exam, image, operatingSystem: '' }),
      verdicts: enrolled('CONSENT_REQUIRED'),
    },
    getVerification: { request: ({ exam }) => ({ exam }), verdicts: enrolled('OK') },
    recordClaim: {
      request: ({ exam }) => ({ exam, subject: 'identification_result', value: 'verified' }),
      verdicts: enrolled('OK'),
    },
    requestApproval: {
      request: ({ exam }) => ({ exam, approvalType: 'passport', note: '' }),
      verdicts: enrolled('OK'),
    },
    approveStudent: {
      request: ({ exam }) => ({ exam, email: 'student@ucy.test' }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
  },
  capture: {
    getCapture: { request: ({ exam }) => ({ exam }), verdicts: enrolled('OK') },
    // The student has taken their consent back.
    startChallenge: { request: ({ exam }) => ({ exam }), verdicts: enrolled('CONSENT_REQUIRED') },
    sendChallengeFrame: {
      request: ({ exam, picture: image }) => ({
        challenge: `${exam}/challenges/01900000-0000-7000-8000-000000000001`,
        image,
      }),
      verdicts: enrolled('CHALLENGE_NOT_FOUND'),
    },
    sendFrame: {
      request: ({ running: exam, picture: image }) => ({ exam, frame: { number: 1, image } }),
      verdicts: enrolled('CONSENT_REQUIRED'),
    },
    recordHeartbeat: {
      request: ({ running: exam }) => ({ exam, visible: true, camera: 'CAMERA_STATE_LIVE' }),
      verdicts: enrolled('OK'),
    },
  },
  monitor: {
    submitFrame: {
      request: ({ running: exam, picture: image }) => ({ exam, image, operatingSystem: '' }),
      verdicts: enrolled('CONSENT_REQUIRED'),
    },
    submitSample: {
      request: ({ running: exam }) => ({ exam, sample: { $case: 'audio', value: Buffer.from('a voice') } }),
      verdicts: enrolled('CONSENT_REQUIRED'),
    },
    monitor: {
      request: ({ running: exam }) =>
        messages({ message: { $case: 'open', value: { exam, resumeAfter: 0, operatingSystem: '' } } }),
      verdicts: enrolled('CONSENT_REQUIRED'),
    },
    reportDevice: {
      request: ({ running: exam }) => ({
        ...{
          exam,
          processes: { names: ['chrome'] },
          operatingSystem: '',
          claims: { is_face_detected: 'true' },
        },
      }),
      verdicts: enrolled('OK'),
    },
  },
  processPolicies: {
    getProcessPolicy: {
      request: ({ exam }) => ({ name: `${exam}/processPolicy` }),
      verdicts: { ...signedIn('EXAM_NOT_FOUND'), student: 'OK', owner: 'OK', admin: 'OK' },
    },
    updateProcessPolicy: {
      request: ({ exam }) => ({ policy: { name: `${exam}/processPolicy`, rules: [] } }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
    // Of an organisation: what is an exam's own is shown by the two above.
    deleteProcessPolicy: {
      request: () => ({ name: 'organisations/UCY/processPolicy' }),
      verdicts: {
        ...signedIn('ROLE_REQUIRED'),
        admin: 'OK',
        'foreign admin': 'ORGANISATION_NOT_FOUND',
      },
    },
    checkProcesses: {
      request: () => ({ processes: ['Skype.exe'], operatingSystem: '' }),
      verdicts: signedIn('OK'),
    },
  },
  feedback: {
    submitFeedback: {
      request: ({ running: exam }) => ({ exam, cheatMode: 'CHEAT_MODE_COMMUNICATION', text: 'They talked.' }),
      verdicts: enrolled('OK'),
    },
    listFeedback: {
      request: ({ exam }) => ({ exam, pageSize: 0, pageToken: '' }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
  },
  reviews: {
    listReviews: {
      request: () => ({ pageSize: 0, pageToken: '' }),
      verdicts: { ...signedIn('OK'), ...students },
    },
    listReviewStudents: {
      request: ({ exam }) => ({ exam, pageSize: 0, pageToken: '' }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
    getStudentTimeline: {
      request: ({ exam, student: user }) => ({ exam, user, pageSize: 0, pageToken: '' }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
    decideApproval: {
      request: ({ exam, student: user }) => ({ exam, user, approve: false, note: '' }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
    watchExam: {
      request: ({ exam }) => ({ exam, after: undefined }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
  },
  proctoring: {
    joinExam: { request: ({ running: exam }) => ({ exam }), verdicts: enrolled('OK') },
    listSessions: {
      request: ({ running: exam }) => ({ exam, pageSize: 0, pageToken: '' }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
    listAlerts: {
      request: ({ exam }) => ({ exam, user: '', pageSize: 0, pageToken: '' }),
      verdicts: staffOfExam('OK', 'EXAM_NOT_FOUND'),
    },
    // No frame led to this alert.
    getEvidence: {
      request: ({ alert }) => ({ alert }),
      verdicts: staffOfExam('EVIDENCE_NOT_FOUND', 'ALERT_NOT_FOUND'),
    },
    reviewAlert: {
      request: ({ alert }) => ({ alert, decision: 'ALERT_DECISION_DISMISSED', note: '' }),
      verdicts: staffOfExam('OK', 'ALERT_NOT_FOUND'),
    },
    leaveExam: { request: ({ running: exam }) => ({ exam }), verdicts: enrolled('OK') },
  },
  // Whoever signs in is nobody yet: what they prove themselves by is a signature of the provider, a code or a token.
  sso: {
    listSignInOptions: { request: () => ({ organisation: 'organisations/UCY' }), verdicts: all('OK') },
    beginSignIn: {
      request: ({ provider }) => ({
        ...{ provider, client: { $case: 'returnPath', value: '/review/' }, browser: '' },
      }),
      verdicts: all('OK'),
    },
    acceptSamlResponse: {
      request: ({ provider }) => ({ provider, samlResponse: '', browser: '' }),
      verdicts: all('SSO_REFUSED'),
    },
    exchangeSignInCode: {
      request: () => ({ code: 'x', codeVerifier: 'x'.repeat(43), redirectUri: 'http://127.0.0.1:1/' }),
      verdicts: all('SSO_REFUSED'),
    },
    signOut: { request: () => ({ refreshToken: 'nobody’s' }), verdicts: all('OK') },
    acceptSamlLogout: {
      request: ({ provider }) => ({ provider, message: { $case: 'query', value: '' } }),
      verdicts: all('SSO_REFUSED'),
    },
    getServiceProviderMetadata: { request: ({ provider }) => ({ provider }), verdicts: all('OK') },
  },
  identityProviders: {
    createIdentityProvider: {
      request: async (world) => ({
        ...{ ...providerSettings, entityId: '' },
        metadata: {
          ...{ $case: 'metadataXml', value: await metadataOf(`https://${world.email().replace('@', '.')}`) },
        },
      }),
      verdicts: admins('OK', 'OK'),
    },
    listIdentityProviders: { request: () => ({}), verdicts: admins('OK', 'OK') },
    getIdentityProvider: {
      request: ({ provider: name }) => ({ name }),
      verdicts: admins('OK', 'PROVIDER_NOT_FOUND'),
    },
    updateIdentityProvider: {
      request: ({ provider: name }) => ({ ...providerSettings, name, metadata: undefined }),
      verdicts: admins('OK', 'PROVIDER_NOT_FOUND'),
    },
    // Its metadata were given as they are.
    refreshIdentityProvider: {
      request: ({ provider: name }) => ({ name }),
      verdicts: admins('INVALID_FIELDS', 'PROVIDER_NOT_FOUND'),
    },
    linkAccount: {
      request: async (world) => ({
        ...{ name: world.provider, externalId: world.email(), user: await world.throwaway() },
      }),
      verdicts: admins('OK', 'PROVIDER_NOT_FOUND'),
    },
    deleteIdentityProvider: {
      request: ({ provider: name }) => ({ name }),
      verdicts: admins('OK', 'PROVIDER_NOT_FOUND'),
    },
  },
  // Only an administration knows what is connected; a connection of another organisation is not there. What deletes the
  // connection comes last.
  lmsSyncs: {
    getSyncSettings: {
      request: ({ connection }) => ({ name: `${connection}/syncSettings` }),
      verdicts: admins('OK', 'CONNECTION_NOT_FOUND'),
    },
    updateSyncSettings: {
      request: ({ connection }) => ({
        settings: {
          ...{ name: `${connection}/syncSettings`, schedule: '', watch: 'LMS_WATCH_PLUGIN' },
          ...{ courseIds: [], graceDays: 7 },
        },
      }),
      verdicts: admins('OK', 'CONNECTION_NOT_FOUND'),
    },
    requestSync: {
      request: ({ connection }) => ({ connection }),
      verdicts: admins('OK', 'CONNECTION_NOT_FOUND'),
    },
    syncConnection: {
      request: ({ connection }) => ({ connection }),
      verdicts: admins('OK', 'CONNECTION_NOT_FOUND'),
    },
    listSyncs: {
      request: ({ connection }) => ({ connection, pageSize: 0, pageToken: '' }),
      verdicts: admins('OK', 'CONNECTION_NOT_FOUND'),
    },
    listSyncChanges: {
      request: ({ connection }) => ({
        ...{ sync: `${connection}/syncs/${randomUUID()}`, pageSize: 0, pageToken: '' },
      }),
      verdicts: admins('SYNC_NOT_FOUND', 'CONNECTION_NOT_FOUND'),
    },
    listLmsCourses: {
      request: ({ connection }) => ({ connection, pageSize: 0, pageToken: '' }),
      verdicts: admins('OK', 'CONNECTION_NOT_FOUND'),
    },
    listLmsActivities: {
      request: ({ connection }) => ({ connection, pageSize: 0, pageToken: '' }),
      verdicts: admins('OK', 'CONNECTION_NOT_FOUND'),
    },
  },
  lms: {
    connectLms: {
      request: (world) => ({
        ...{ kind: 'LMS_KIND_MOODLE', displayName: 'Moodle', token: 'secret' },
        address: `https://${world.email().replace('@', '.')}`,
      }),
      verdicts: admins('OK', 'OK'),
    },
    listConnections: { request: () => ({}), verdicts: admins('OK', 'OK') },
    // This installation calls nobody.
    testConnection: {
      request: ({ connection: name }) => ({ name }),
      verdicts: admins('LMS_REFUSED', 'CONNECTION_NOT_FOUND'),
    },
    listCourses: {
      request: () => ({}),
      verdicts: { ...signedIn('LMS_REFUSED'), ...students },
    },
    createSiteKey: {
      request: ({ connection: name }) => ({ name }),
      verdicts: admins('OK', 'CONNECTION_NOT_FOUND'),
    },
    revokeSiteKey: {
      request: ({ connection: name }) => ({ name }),
      verdicts: admins('OK', 'CONNECTION_NOT_FOUND'),
    },
    deleteConnection: {
      request: ({ connection: name }) => ({ name }),
      verdicts: admins('OK', 'CONNECTION_NOT_FOUND'),
    },
  },
  // No person is a site, and no site a person: test/integration/launch.test.ts has the other half.
  site: {
    getSite: { request: () => ({}), verdicts: all('CREDENTIALS_MISSING') },
    getGate: { request: () => ({ activity: 'quiz:1', student: '5' }), verdicts: all('CREDENTIALS_MISSING') },
    listGates: {
      request: () => ({ activity: 'quiz:1', pageSize: 0, pageToken: '' }),
      verdicts: all('CREDENTIALS_MISSING'),
    },
    listSiteAlerts: {
      request: () => ({ activity: 'quiz:1', student: '', pageSize: 0, pageToken: '' }),
      verdicts: all('CREDENTIALS_MISSING'),
    },
    decideApproval: { request: () => ({}), verdicts: all('CREDENTIALS_MISSING') },
    requestSiteApproval: { request: () => ({}), verdicts: all('CREDENTIALS_MISSING') },
    reviewSiteAlert: { request: () => ({}), verdicts: all('CREDENTIALS_MISSING') },
    recordAttempt: { request: () => ({}), verdicts: all('CREDENTIALS_MISSING') },
    exportPerson: { request: () => ({ person: '5' }), verdicts: all('CREDENTIALS_MISSING') },
    erasePerson: { request: () => ({ person: '5' }), verdicts: all('CREDENTIALS_MISSING') },
  },
  // Whoever calls: what counts is who signed.
  launches: {
    launch: { request: () => ({ token: 'x.y.z' }), verdicts: all('LAUNCH_INVALID') },
    getOpener: {
      request: () => ({ connection: `lmsConnections/${randomUUID()}` }),
      verdicts: all('CONNECTION_NOT_FOUND'),
    },
  },
  consents: {
    listPolicies: { request: () => ({ languageCode: 'en' }), verdicts: all('OK') },
    listConsents: { request: ({ student: user }) => ({ user }), verdicts: personAndAdmin('OK') },
    attestConsent: {
      request: ({ student: user, policyVersion }) => ({
        ...FACE,
        policyVersion,
        user,
        statement: 'on paper',
      }),
      verdicts: admins('OK', 'USER_NOT_FOUND'),
    },
    revokeConsent: {
      request: () => FACE,
      verdicts: { ...signedIn('CONSENT_NOT_FOUND'), student: 'OK' },
    },
    grantConsent: { request: ({ policyVersion }) => ({ ...FACE, policyVersion }), verdicts: signedIn('OK') },
  },
  subjects: {
    exportSubject: { request: ({ student: user }) => ({ user }), verdicts: personAndAdmin('OK') },
    eraseSubject: {
      request: async (world) => ({ user: await world.throwaway() }),
      verdicts: { ...signedIn('USER_NOT_FOUND'), admin: 'OK' },
    },
  },
  audit: {
    listAuditEntries: {
      request: ({ student: user }) => ({ user, pageSize: 0, pageToken: '' }),
      verdicts: admins('OK', 'OK'),
    },
    verifyAuditTrail: { request: () => ({}), verdicts: admins('OK', 'OK') },
  },
};

const ROWS = Object.entries(TABLE).flatMap(([service, methods]) =>
  Object.entries(methods as Record<string, Row>).map(([method, row]) => ({ service, method, row })),
);

async function* messages(...sent: unknown[]): AsyncGenerator {
  for (const message of sent) yield await Promise.resolve(message);
}

/** Any rpc, message types erased: the table is checked against the contract by what comes back. */
async function call(
  core: Core,
  service: string,
  method: string,
  request: unknown,
  options: CallOptions,
): Promise<unknown> {
  const group = (
    core as unknown as Record<string, Record<string, (request: unknown, options: CallOptions) => unknown>>
  )[service]!;
  const answer = group[method]!(request, options);
  if (typeof answer !== 'object' || answer === null || !(Symbol.asyncIterator in answer)) return answer;
  for await (const message of answer as AsyncIterable<unknown>) return message;
  return undefined;
}

async function verdictOf(answer: Promise<unknown>): Promise<Verdict> {
  try {
    await answer;
    return 'OK';
  } catch (thrown) {
    if (thrown instanceof StatusError) return thrown.reason;
    throw thrown;
  }
}

test('every rpc of the contract has its row', () => {
  const contract = Object.entries(services).flatMap(([service, definition]) =>
    Object.keys(definition).map((method) => `${service}.${method}`),
  );
  expect(ROWS.map(({ service, method }) => `${service}.${method}`).sort()).toEqual(contract.sort());
});

describeWithModels('access', () => {
  let app: RunningApp;
  let world: World;

  beforeAll(async () => {
    app = await startApp({ PROBITY_REGISTRATION: 'open', PROBITY_FACE_REQUIRED_TEMPLATES: '1' });
    world = await createWorld(app);
  });
  afterAll(() => app.stop());

  describe.each(ROWS)('$service.$method', ({ service, method, row }) => {
    test.each(CALLERS)('%s', async (caller) => {
      const request = await row.request(world, caller);
      const options =
        row.endsLogin && caller !== 'nobody' ? await world.logIn(caller) : world.options[caller];
      // Refusals are counted by where they come from.
      const from = { ...options, peer: `${service}.${method}` };
      expect(await verdictOf(call(world.core, service, method, request, from))).toBe(row.verdicts[caller]);
    });
  });

  test('what another organisation has is not found: no row denies it by permission', () => {
    for (const { row } of ROWS) {
      const verdict = row.verdicts['foreign admin'];
      if (verdict !== 'OK') expect(REASONS[verdict]).not.toBe(Code.PERMISSION_DENIED);
    }
  });

  test('lists hold what is the caller’s own', async () => {
    const { core, options } = world;
    const page = { pageSize: 0, pageToken: '' };
    const exams = async (caller: Caller): Promise<string[]> =>
      (await core.exams.listExams(page, options[caller])).exams.map(({ name }) => name);
    expect((await exams('student')).sort()).toEqual([world.exam, world.running].sort());
    expect(await exams('other student')).toEqual([]);
    expect(await exams('instructor')).not.toContain(world.exam);
    expect(await exams('admin')).toContain(world.exam);
    const foreign = await core.users.listUsers(page, options['foreign admin']);
    expect(new Set(foreign.users.map(({ organisation }) => organisation))).toEqual(
      new Set(['organisations/UC']),
    );
    const read = { user: world.student, ...page };
    // Of somebody else's person their trail knows only that they looked.
    const elsewhere = await core.audit.listAuditEntries(read, options['foreign admin']);
    expect(elsewhere.entries.filter(({ action }) => action !== 'audit.read')).toEqual([]);
    expect((await core.audit.listAuditEntries(read, options.admin)).entries).not.toEqual([]);
  });
});

async function createWorld({ app: { core }, admins: initial }: RunningApp): Promise<World> {
  let made = 0;
  const email = (): string => `somebody${++made}@ucy.test`;
  const people: Record<
    Exclude<Caller, 'nobody'>,
    { organisation: string; email: string; password: string }
  > = {
    student: { organisation: 'UCY', email: 'student@ucy.test', password: PASSWORD },
    'other student': { organisation: 'UCY', email: 'other@ucy.test', password: PASSWORD },
    instructor: { organisation: 'UCY', email: 'instructor@ucy.test', password: PASSWORD },
    owner: { organisation: 'UCY', email: 'owner@ucy.test', password: PASSWORD },
    admin: initial.find(({ organisation }) => organisation === 'UCY')!,
    'foreign admin': initial.find(({ organisation }) => organisation === 'UC')!,
  };
  const logIn = async (caller: Caller): Promise<CallOptions> => {
    if (caller === 'nobody') return {};
    const { organisation, ...credentials } = people[caller];
    const request = { organisation: `organisations/${organisation}`, ...credentials };
    const answer = await call(
      core,
      'authentication',
      'logIn',
      { ...request, refreshPolicy: 'REFRESH_POLICY_UNSPECIFIED' },
      {},
    );
    return { token: (answer as { accessToken: string }).accessToken };
  };
  for (const caller of ['student', 'other student', 'instructor', 'owner'] as const) {
    const role = caller === 'instructor' || caller === 'owner' ? ROLE.teacher : ROLE.student;
    const { email: address, password } = people[caller];
    const person = { email: address, password, givenName: 'Given', familyName: 'Family' };
    await call(core, 'users', 'registerUser', { organisation: 'organisations/UCY', role, ...person }, {});
  }
  const options = {} as Record<Caller, CallOptions>;
  for (const caller of CALLERS) options[caller] = await logIn(caller);

  const throwawayExam = async (): Promise<string> => {
    const exam = await call(core, 'exams', 'createExam', newExam(), options.owner);
    return (exam as { name: string }).name;
  };
  // Exams are numbered by organisation: the foreign administration must not come to have one of these numbers.
  for (let n = 0; n < 5; n++) await throwawayExam();
  const [exam, running] = [await throwawayExam(), await throwawayExam()];
  const students = [{ email: 'student@ucy.test', givenName: 'Given', familyName: 'Family' }];
  for (const each of [exam, running])
    await core.exams.batchEnrolStudents({ exam: each, students }, options.owner);
  await core.exams.startExam({ name: running }, options.owner);

  // A reference that goes shortly before an exam is an alert; with the consent, the student takes theirs away.
  const { policies } = await core.consents.listPolicies({ languageCode: 'en' }, {});
  const policyVersion = policies[0]!.version;
  const { name: student } = await core.users.getUser({ name: 'users/me' }, options.student);
  await call(core, 'consents', 'grantConsent', { ...FACE, policyVersion }, options.student);
  await core.references.enrolFace({ user: student, images: [PORTRAITS.obama1] }, options.student);
  await call(core, 'consents', 'revokeConsent', FACE, options.student);
  const { alerts } = await core.proctoring.listAlerts(
    { exam, user: '', pageSize: 0, pageToken: '' },
    options.owner,
  );
  await core.identification.approveStudent({ exam: running, email: 'student@ucy.test' }, options.owner);
  await core.proctoring.joinExam({ exam: running }, options.student);

  const lms = { kind: 'LMS_KIND_MOODLE', displayName: 'Moodle', token: 'secret' };
  const connection = await call(
    core,
    'lms',
    'connectLms',
    { ...lms, address: 'https://moodle.ucy.test' },
    options.admin,
  );
  const idp = { $case: 'metadataXml', value: await metadataOf('https://idp.ucy.test/') };
  const provider = await call(
    core,
    'identityProviders',
    'createIdentityProvider',
    { ...providerSettings, metadata: idp, entityId: '' },
    options.admin,
  );
  const { name: instructor } = await core.users.getUser({ name: 'users/me' }, options.instructor);
  const search = { exam, conditions: [], order: [], pageSize: 0, skip: 0 };
  const { enrolments } = await core.enrolments.searchEnrolments(search, options.owner);

  const blank = { width: 64, height: 64, channels: 3 as const, background: 'grey' };
  return {
    core,
    options,
    student,
    exam,
    running,
    alert: alerts[0]!.name,
    connection: (connection as { name: string }).name,
    provider: (provider as { name: string }).name,
    enrolment: enrolments[0]!.name,
    instructor,
    picture: await sharp({ create: blank }).png().toBuffer(),
    policyVersion,
    logIn,
    async throwaway() {
      const person = { email: email(), givenName: 'A', familyName: 'B', password: '', role: ROLE.student };
      return ((await call(core, 'users', 'createUser', person, options.admin)) as { name: string }).name;
    },
    throwawayExam,
    async throwawayEnrolment() {
      const request = { enrolment: { ...newEnrolment, exam, email: email() } };
      const made = await call(core, 'enrolments', 'createEnrolment', request, options.owner);
      return (made as { name: string }).name;
    },
    async throwawayKey() {
      const request = { user: instructor, displayName: 'LMS' };
      const made = await call(core, 'apiKeys', 'createApiKey', request, options.admin);
      return (made as { apiKey: { name: string } }).apiKey.name;
    },
    email,
  };
}
