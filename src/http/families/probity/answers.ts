import type { z } from 'zod';
import type { Reference } from '../../../grpc/gen/probity/biometrics/v1/reference_service.js';
import type { AuditEntry } from '../../../grpc/gen/probity/compliance/v1/audit_service.js';
import type { Consent, ConsentPolicy } from '../../../grpc/gen/probity/compliance/v1/consent_service.js';
import type { Feedback } from '../../../grpc/gen/probity/exams/v1/feedback_service.js';
import type { ProcessPolicy } from '../../../grpc/gen/probity/exams/v1/process_policy_service.js';
import type { Alert } from '../../../grpc/gen/probity/exams/v1/proctoring_service.js';
import type { ApiKey } from '../../../grpc/gen/probity/identity/v1/api_key_service.js';
import type { LogInResponse } from '../../../grpc/gen/probity/identity/v1/authentication_service.js';
import type { IdentityProvider } from '../../../grpc/gen/probity/identity/v1/identity_provider_service.js';
import type { LmsConnection, TestConnectionResponse } from '../../../grpc/gen/probity/lms/v1/lms_service.js';
import type { User } from '../../../grpc/gen/probity/identity/v1/user_service.js';
import type * as schemas from './schemas.js';
import type * as ssoSchemas from './sso-schemas.js';
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
  provisioning,
  purpose,
  role,
} from './words.js';

/*
 * The contract's messages as this family answers them. In proto an absent string is an empty one; here it is null
 * where there may be none.
 */

export const time = (value: Date | undefined): string | null => value?.toISOString() ?? null;
export const orNull = (value: string): string | null => (value === '' ? null : value);

export function userAnswer(user: User): z.input<typeof schemas.User> {
  return {
    name: user.name,
    organisation: user.organisation,
    email: user.email,
    givenName: user.givenName,
    familyName: user.familyName,
    role: role.fromCore(user.role),
    createTime: time(user.createTime),
  };
}

export function loginAnswer(login: LogInResponse): z.input<typeof schemas.Tokens> {
  if (!login.user) throw new Error('the core answered a login without its user');
  return {
    accessToken: login.accessToken,
    refreshToken: login.refreshToken,
    expireTime: time(login.expireTime),
    user: userAnswer(login.user),
  };
}

export function identityProviderAnswer(
  provider: IdentityProvider,
): z.input<typeof ssoSchemas.IdentityProvider> {
  const { attributes } = provider;
  if (!attributes) throw new Error('the core answered a provider without its attributes');
  return {
    name: provider.name,
    displayName: provider.displayName,
    entityId: provider.entityId,
    metadataUrl: orNull(provider.metadataUrl),
    refreshTime: time(provider.refreshTime),
    refreshProblem: orNull(provider.refreshProblem),
    certificates: provider.certificates.map(({ fingerprint, expireTime }) => ({
      ...{ fingerprint, expireTime: time(expireTime) },
    })),
    singleLogout: provider.singleLogout,
    attributes,
    roles: provider.roles.map((each) => ({
      ...{ affiliation: each.affiliation, role: role.fromCore(each.role) },
    })),
    provisioning: provisioning.fromCore(provider.provisioning),
    serviceProvider: provider.serviceProvider,
    createTime: time(provider.createTime),
  };
}

export function policyAnswer(policy: ConsentPolicy): z.input<typeof schemas.consentPolicy> {
  return {
    modality: modality.fromCore(policy.modality),
    purpose: purpose.fromCore(policy.purpose),
    version: policy.version,
    text: policy.text,
  };
}

export function consentAnswer(consent: Consent): z.input<typeof schemas.Consent> {
  return {
    name: consent.name,
    modality: modality.fromCore(consent.modality),
    purpose: purpose.fromCore(consent.purpose),
    policyVersion: consent.policyVersion,
    grantTime: time(consent.grantTime),
    revokeTime: time(consent.revokeTime),
    givenBy: consent.givenBy,
    attestation: orNull(consent.attestation),
  };
}

export function referenceAnswer(reference: Reference) {
  return {
    name: reference.name,
    modality: modality.fromCore(reference.modality),
    model: reference.model,
    templateCount: reference.templateCount,
    complete: reference.complete,
    assurance: assurance.fromCore(reference.assurance),
    enrolTime: time(reference.enrolTime),
    expireTime: time(reference.expireTime),
    replacementExpireTime: time(reference.replacementExpireTime),
  };
}

export function alertAnswer(alert: Alert): z.input<typeof schemas.Alert> {
  return {
    name: alert.name,
    session: alert.session,
    user: alert.user,
    type: alertType.fromCore(alert.type),
    reason: alert.reason,
    score: alert.score ?? null,
    threshold: alert.threshold ?? null,
    model: orNull(alert.model),
    beginTime: time(alert.beginTime),
    lastTime: time(alert.lastTime),
    endTime: time(alert.endTime),
    occurrences: alert.occurrences,
    hasEvidence: alert.hasEvidence,
    decision: alertDecision.fromCore(alert.decision),
    decisionNote: orNull(alert.decisionNote),
    decidedBy: orNull(alert.decidedBy),
    decideTime: time(alert.decideTime),
    contributions: alert.contributions.map((each) => ({
      modality: modality.fromCore(each.modality),
      evidence: each.evidence,
      observations: each.observations,
      score: each.score ?? null,
      threshold: each.threshold ?? null,
      logLikelihoodRatio: each.logLikelihoodRatio ?? null,
      model: orNull(each.model),
      lastTime: time(each.lastTime),
    })),
  };
}

export function feedbackAnswer(feedback: Feedback) {
  return {
    name: feedback.name,
    user: feedback.user,
    cheatMode: cheatMode.fromCore(feedback.cheatMode),
    text: feedback.text,
    createTime: time(feedback.createTime),
  };
}

export function processPolicyAnswer({ name, source, version, rules }: ProcessPolicy) {
  return {
    name,
    source: policySource.fromCore(source),
    version: orNull(version),
    rules: rules.map((rule) => ({
      pattern: rule.pattern,
      operatingSystem: operatingSystem.fromCore(rule.operatingSystem),
    })),
  };
}

export function lmsConnectionAnswer(connection: LmsConnection) {
  return {
    name: connection.name,
    kind: lmsKind.fromCore(connection.kind),
    displayName: connection.displayName,
    address: connection.address,
    createTime: time(connection.createTime),
    hasToken: connection.hasToken,
    siteKeyTime: time(connection.siteKeyTime),
  };
}

export function lmsReportAnswer({ siteName, version, capabilities }: TestConnectionResponse) {
  return {
    siteName,
    version,
    capabilities: capabilities.map(({ capability, state, ...told }) => ({
      ...told,
      capability: lmsCapability.fromCore(capability),
      state: lmsCapabilityState.fromCore(state),
    })),
  };
}

export function apiKeyAnswer(key: ApiKey): z.input<typeof schemas.ApiKey> {
  return {
    name: key.name,
    user: key.user,
    displayName: key.displayName,
    createTime: time(key.createTime),
    expireTime: time(key.expireTime),
    revokeTime: time(key.revokeTime),
  };
}

export function auditAnswer(entry: AuditEntry) {
  return {
    id: entry.id.toString(),
    time: time(entry.time),
    actor: orNull(entry.actor),
    subject: orNull(entry.subject),
    action: entry.action,
    target: entry.target,
    details: JSON.parse(entry.detailsJson || '{}') as unknown,
  };
}
