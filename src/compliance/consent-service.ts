import { randomUUID } from 'node:crypto';
import { principalOf, requireRole, StatusError, validate, type Principal } from '../call/index.js';
import { emit } from '../events/index.js';
import type { ConsentServiceService } from '../grpc/gen/probity/compliance/v1/consent_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Db } from '../storage/index.js';
import type { ComplianceDependencies } from './compliance.js';
import { isConsented, type Consent, type Modality, type Purpose } from './consent.js';
import {
  consentsAbout,
  consentsForWithdrawal,
  consentsOf,
  insertConsent,
  revokeConsents,
} from './consent-store.js';
import { policiesInForce, policyInForce } from './policies.js';
import { presentConsent, presentPolicy } from './presenter.js';
import {
  attestRequest,
  grantRequest,
  listConsentsRequest,
  listPoliciesRequest,
  revokeRequest,
} from './requests.js';
import { findUser } from './whom.js';

interface Given {
  modality: Modality;
  purpose: Purpose;
  policyVersion: string;
}

/** ConsentService: giving, taking back, and attesting. */
export function consentService({
  storage,
  audit,
  directory,
  onRevoke,
  clock,
}: ComplianceDependencies): Handlers<typeof ConsentServiceService> {
  /** The record, the event and the audit entry of one decision. */
  async function record(
    tx: Db,
    caller: Principal,
    consent: Consent,
    what: string,
    more: object = {},
  ): Promise<void> {
    const { organisationId, userId, modality, purpose, policyVersion } = consent;
    const facts = { modality, purpose, policyVersion, ...more };
    await emit(tx, {
      organisationId,
      topic: `consent.${what}`,
      key: userId ?? organisationId,
      payload: { user: userId, modality, purpose, policyVersion },
      at: clock.now(),
    });
    await audit.record(tx, {
      organisationId,
      actor: caller.userId,
      subject: userId,
      action: `consent.${what}`,
      target: `consents/${consent.id}`,
      details: facts,
    });
  }

  const newConsent = (
    caller: Principal,
    userId: string | null,
    given: Given,
    attestation: string | null,
  ): Consent => ({
    id: randomUUID(),
    organisationId: caller.organisationId,
    userId,
    ...given,
    givenBy: caller.userId,
    attestation,
    grantedAt: clock.now(),
    revokedAt: null,
  });

  return {
    listPolicies(request) {
      const { languageCode } = validate(listPoliciesRequest, request);
      return Promise.resolve({
        policies: policiesInForce().map((policy) => presentPolicy(policy, languageCode)),
      });
    },

    async grantConsent(request, ctx) {
      const caller = principalOf(ctx);
      const given = validate(grantRequest, request);
      const consent = await storage.transaction(async (tx) => {
        const records = await consentsAbout(tx, caller, given.modality, given.purpose);
        const held = records.find((each) => isOwn(each) && isConsented([each], given.policyVersion));
        if (held) return held;
        const fresh = newConsent(caller, caller.userId, given, null);
        await insertConsent(tx, fresh);
        await record(tx, caller, fresh, 'granted');
        return fresh;
      });
      return presentConsent(consent);
    },

    async revokeConsent(request, ctx) {
      const caller = principalOf(ctx);
      const { modality, purpose } = validate(revokeRequest, request);
      const consent = await storage.transaction(async (tx) => {
        const records = await consentsForWithdrawal(tx, caller, modality, purpose);
        if (records.length === 0) {
          throw new StatusError('CONSENT_NOT_FOUND', 'No consent was given.', {
            resource: { type: 'probity.compliance.v1.Consent', name: modality },
          });
        }
        const now = clock.now();
        const inForce = records.filter((each) => each.userId !== null && each.revokedAt === null);
        await revokeConsents(
          tx,
          inForce.map((each) => each.id),
          now,
        );
        // The record that stands for the person's own no. Where only the organisation's word was there, it is new.
        let own = records.find(isOwn);
        if (own) own = { ...own, revokedAt: own.revokedAt ?? now };
        else {
          const policyVersion = policyInForce(modality, purpose).version;
          own = {
            ...newConsent(caller, caller.userId, { modality, purpose, policyVersion }, null),
            revokedAt: now,
          };
          await insertConsent(tx, own);
        }
        const deleted = await onRevoke(tx, caller, modality);
        await record(tx, caller, own, 'revoked', { deleted });
        return own;
      });
      return presentConsent(consent);
    },

    async listConsents(request, ctx) {
      const caller = principalOf(ctx);
      const { user } = validate(listConsentsRequest, request);
      const userId = await findUser(storage.db, directory, caller, user);
      const consents = await consentsOf(storage.db, userId);
      if (userId !== caller.userId) {
        await audit.record(storage.db, {
          organisationId: caller.organisationId,
          actor: caller.userId,
          subject: userId,
          action: 'personal_data.read',
          target: 'consents',
          details: { records: consents.length },
        });
      }
      return { consents: consents.map(presentConsent) };
    },

    async attestConsent(request, ctx) {
      const caller = requireRole(ctx, 'ADMIN');
      const { user, statement, ...given } = validate(attestRequest, request);
      const userId = user && (await findUser(storage.db, directory, caller, user));
      const consent = newConsent(caller, userId, given, statement);
      await storage.transaction(async (tx) => {
        await insertConsent(tx, consent);
        await record(tx, caller, consent, 'attested');
      });
      return presentConsent(consent);
    },
  };
}

function isOwn(consent: Consent): boolean {
  return consent.userId !== null && consent.attestation === null;
}
