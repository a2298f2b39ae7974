import { z } from 'zod';
import { named } from '../../family.js';
import {
  alertDecision,
  alertType,
  assurance,
  cheatMode,
  lmsCapability,
  lmsCapabilityState,
  lmsKind,
  modality,
  operatingSystem,
  policySource,
  purpose,
  role,
} from './words.js';

/*
 * Requests and answers of our own family: the contract's messages in JSON, members in lowerCamelCase, enums without
 * their proto prefix, times in ISO 8601. Absent means null, so that every member is always there.
 */

export const string = (max: number) =>
  z.string('must be a string').min(1, 'must not be empty').max(max, `must have at most ${max} characters`);
export const words = <const W extends string>(names: readonly [W, ...W[]]) =>
  z.enum(names, `must be one of ${names.join(', ')}`);
export const time = z.iso.datetime().nullable();

export const pageOf = {
  pageSize: z.coerce
    .number('must be a number')
    .int('must be whole')
    .min(1, 'must be at least 1')
    .max(1000, 'must be at most 1000')
    .optional(),
  pageToken: z.string().max(1000).optional(),
};
export const Page = z.object(pageOf);
export const AuditQuery = z.object({ ...pageOf, user: z.string().max(100).optional() });
export const AlertsQuery = z.object({ ...pageOf, user: z.string().max(100).optional() });
export const ConsentsQuery = z.object({ user: z.string().max(100).optional() });

/** Ids are checked by the core; a family only knows that they are there. */
export const id = z.string().min(1).max(100);
export const UserPath = z.object({ user: id.meta({ description: 'A user id, or `me`.' }) });
export const ExamPath = z.object({ exam: id });
export const OrganisationPath = z.object({ organisation: id });
export const ConnectionPath = z.object({ connection: id });
export const AlertPath = z.object({ exam: id, alert: id });
export const ConsentPath = z.object({ modality: words(modality.names), purpose: words(purpose.names) });
export const ApiKeyPath = z.object({ key: id });
export const ReferencePath = z.object({ user: id, modality: words(modality.names) });

export const Login = named(
  'Login',
  z.object({ organisation: string(32), email: string(254), password: string(1024) }),
);
export const Refresh = named('Refresh', z.object({ refreshToken: string(4096) }));
export const CreateUser = named(
  'CreateUser',
  z.object({
    email: string(254),
    givenName: string(100),
    familyName: string(100),
    password: z
      .string()
      .max(1024)
      .optional()
      .meta({ description: 'Absent for a user who comes in by single sign-on.' }),
    role: words(role.names),
  }),
);
export const SetPassword = named(
  'SetPassword',
  z.object({ currentPassword: z.string().max(1024).optional(), newPassword: string(1024) }),
);
export const GrantConsent = named(
  'GrantConsent',
  z.object({ modality: words(modality.names), purpose: words(purpose.names), policyVersion: string(64) }),
);
export const AttestConsent = named(
  'AttestConsent',
  z.object({
    modality: words(modality.names),
    purpose: words(purpose.names),
    policyVersion: string(64),
    user: string(100).optional().meta({ description: 'Resource name of a user; absent for everybody.' }),
    statement: string(2000),
  }),
);
export const CreateApiKey = named(
  'CreateApiKey',
  z.object({
    user: string(100).meta({ description: 'Resource name of an INSTRUCTOR or ADMIN, or `users/me`.' }),
    displayName: string(100),
  }),
);
export const AllowReplacement = named('AllowReplacement', z.object({ reason: string(500) }));
export const ReviewAlert = named(
  'ReviewAlert',
  z.object({ decision: words(alertDecision.names), note: z.string().max(2000).optional() }),
);

export const Organisations = named(
  'Organisations',
  z.object({ organisations: z.array(z.object({ name: z.string(), displayName: z.string() })) }),
);
export const user = z.object({
  name: z.string(),
  organisation: z.string(),
  email: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  role: z.enum(role.names).nullable(),
  createTime: time,
});
export const User = named('User', user);
export const Users = named('Users', z.object({ users: z.array(user), nextPageToken: z.string() }));
export const Tokens = named(
  'Tokens',
  z.object({ accessToken: z.string(), refreshToken: z.string(), expireTime: time, user }),
);
export const RefreshedTokens = named(
  'RefreshedTokens',
  z.object({
    accessToken: z.string(),
    refreshToken: z.string().nullable().meta({ description: 'Null where the old one stays valid.' }),
    expireTime: time,
  }),
);
export const KeySet = named(
  'KeySet',
  z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).meta({ description: 'RFC 7517.' }),
);
export const consentPolicy = z.object({
  modality: z.enum(modality.names).nullable(),
  purpose: z.enum(purpose.names).nullable(),
  version: z.string(),
  text: z.string(),
});
export const Policies = named('ConsentPolicies', z.object({ policies: z.array(consentPolicy) }));
const consent = z.object({
  name: z.string(),
  modality: z.enum(modality.names).nullable(),
  purpose: z.enum(purpose.names).nullable(),
  policyVersion: z.string(),
  grantTime: time,
  revokeTime: time,
  givenBy: z.string(),
  attestation: z.string().nullable(),
});
export const Consent = named('Consent', consent);
export const Consents = named('Consents', z.object({ consents: z.array(consent) }));
export const Erasure = named(
  'Erasure',
  z.object({
    eraseTime: time,
    erased: z.record(z.string(), z.number()).meta({ description: 'Rows, by kind.' }),
  }),
);
export const References = named(
  'References',
  z.object({
    references: z.array(
      z.object({
        name: z.string(),
        modality: z.enum(modality.names).nullable(),
        model: z.string(),
        templateCount: z.number(),
        complete: z.boolean(),
        assurance: z.enum(assurance.names).nullable(),
        enrolTime: time,
        expireTime: time,
        replacementExpireTime: time.meta({
          description: 'Until when staff let it be replaced or removed without a match.',
        }),
      }),
    ),
  }),
);
export const Replacement = named('Replacement', z.object({ expireTime: time }));
const apiKey = z.object({
  name: z.string(),
  user: z.string(),
  displayName: z.string(),
  createTime: time,
  expireTime: time,
  revokeTime: time,
});
export const ApiKey = named('ApiKey', apiKey);
export const ApiKeys = named('ApiKeys', z.object({ apiKeys: z.array(apiKey), nextPageToken: z.string() }));
export const CreatedApiKey = named(
  'CreatedApiKey',
  z.object({ apiKey, token: z.string(), secret: z.string() }),
);
export const Models = named(
  'Models',
  z.object({
    models: z.array(
      z.object({
        id: z.string(),
        role: z.string(),
        sha256: z.string(),
        licence: z.string(),
        warm: z.boolean(),
        thresholds: z.record(z.string(), z.number()),
      }),
    ),
    workers: z.number(),
    queuedJobs: z.number(),
  }),
);
export const alert = z.object({
  name: z.string(),
  session: z.string(),
  user: z.string(),
  type: z.enum(alertType.names).nullable(),
  reason: z.string(),
  score: z.number().nullable(),
  threshold: z.number().nullable(),
  model: z.string().nullable(),
  beginTime: time,
  lastTime: time,
  endTime: time,
  occurrences: z.number(),
  hasEvidence: z.boolean(),
  decision: z.enum(alertDecision.names).nullable(),
  decisionNote: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decideTime: time,
  contributions: z
    .array(
      z.object({
        modality: z.enum(modality.names).nullable(),
        evidence: z.number().meta({ description: 'Nats.' }),
        observations: z.int(),
        score: z.number().nullable(),
        threshold: z.number().nullable(),
        logLikelihoodRatio: z.number().nullable().meta({ description: 'Nats, before it was capped.' }),
        model: z.string().nullable(),
        lastTime: time,
      }),
    )
    .meta({ description: 'DIFFERENT_PERSON: what each modality said when it began, the strongest first.' }),
});
export const Alert = named('Alert', alert);
export const Alerts = named('Alerts', z.object({ alerts: z.array(alert), nextPageToken: z.string() }));
export const FeedbackPage = named(
  'FeedbackPage',
  z.object({
    feedback: z.array(
      z.object({
        name: z.string(),
        user: z.string(),
        cheatMode: z.enum(cheatMode.names).nullable(),
        text: z.string(),
        createTime: time,
      }),
    ),
    nextPageToken: z.string(),
  }),
);
const pattern = string(100).meta({
  description:
    'Name of a program; `*` stands for any characters, `?` for one. Case, folders and `.exe` do not matter.',
});
export const ProcessRules = named(
  'ProcessRules',
  z.object({
    rules: z
      .array(z.object({ pattern, operatingSystem: words(operatingSystem.names).optional() }))
      .max(200, 'must have at most 200 rules'),
  }),
);
export const ProcessPolicy = named(
  'ProcessPolicy',
  z.object({
    name: z.string(),
    source: z.enum(policySource.names).nullable(),
    version: z.string().nullable().meta({ description: 'Date of the shipped policy.' }),
    rules: z.array(
      z.object({ pattern: z.string(), operatingSystem: z.enum(operatingSystem.names).nullable() }),
    ),
  }),
);
export const ConnectLms = named(
  'ConnectLms',
  z.object({
    kind: words(lmsKind.names),
    displayName: string(200),
    address: string(500).meta({ description: 'Of the site: `https://moodle.example.org`.' }),
    token: string(256).optional().meta({
      description: 'Of its web service, never shown again. Without one it only calls here, by a site key.',
    }),
  }),
);
const lmsConnection = z.object({
  name: z.string(),
  kind: z.enum(lmsKind.names).nullable(),
  displayName: z.string(),
  address: z.string(),
  createTime: time,
  hasToken: z.boolean().meta({ description: 'Whether it can be asked.' }),
  siteKeyTime: time.meta({ description: 'When its site key was made.' }),
});
export const LmsConnection = named('LmsConnection', lmsConnection);
export const LmsConnections = named('LmsConnections', z.object({ connections: z.array(lmsConnection) }));
export const LmsReport = named(
  'LmsReport',
  z.object({
    siteName: z.string(),
    version: z.string(),
    capabilities: z.array(
      z.object({
        capability: z.enum(lmsCapability.names).nullable(),
        usable: z.boolean(),
        missing: z.array(z.string()).meta({ description: 'Functions that the token may not call.' }),
        state: z.enum(lmsCapabilityState.names).nullable(),
        missingRights: z.array(z.string()).meta({
          description: 'Rights that the user of the token lacks; where several are named, one of them.',
        }),
        explanation: z.string(),
      }),
    ),
  }),
);
export const Courses = named(
  'Courses',
  z.object({
    courses: z.array(
      z.object({
        connection: z.string(),
        courseId: z.string(),
        displayName: z.string(),
        students: z.array(z.object({ email: z.string(), givenName: z.string(), familyName: z.string() })),
      }),
    ),
    problems: z.array(z.object({ connection: z.string(), reason: z.string(), message: z.string() })),
  }),
);
export const AuditEntries = named(
  'AuditEntries',
  z.object({
    entries: z.array(
      z.object({
        id: z.string().meta({ description: 'A 64-bit number, as a string.' }),
        time,
        actor: z.string().nullable(),
        subject: z.string().nullable(),
        action: z.string(),
        target: z.string(),
        details: z.unknown(),
      }),
    ),
    nextPageToken: z.string(),
  }),
);
export const AuditVerification = named(
  'AuditVerification',
  z.object({ intact: z.boolean(), firstBrokenId: z.string().nullable(), checked: z.string() }),
);

/** RFC 9457, with what a client may act on. */
export const Problem = named(
  'Problem',
  z.object({
    type: z.string().meta({ description: '`urn:probity:reason:` and the reason.' }),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    reason: z.string(),
    fields: z
      .array(
        z.object({
          field: z.string(),
          problem: z.enum(['missing', 'bad_format', 'already_exists']),
          description: z.string(),
        }),
      )
      .optional(),
    nextNumber: z
      .int()
      .optional()
      .meta({ description: 'With `NUMBER_TAKEN`: the first number that is not committed.' }),
    requestId: z.string(),
  }),
);
