import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import {
  requireSubject,
  withPhone,
  type ConsentGuard,
  type Custodian,
  type KeptReference,
  type Modality,
  type Parcel,
  type SittingGuard,
  type Subject,
  type SubjectDirectory,
} from '../biometrics/index.js';
import { StatusError, type FieldViolation } from '../call/index.js';
import {
  attempt,
  insertCheck,
  latestCheck,
  openCheck,
  saveAttempt,
  stateAt,
  type Check,
  type CheckPolicy,
} from '../checks/index.js';
import { emit, type Audit } from '../events/index.js';
import { again, type Db, type Storage } from '../storage/index.js';
import type { Phones, PushOutcome } from './phones.js';
import type { ExamsAhead, Push } from './ports.js';
import { canBeAsked, deny, endLoan, give, handOver, type Outcome, type Transfer } from './transfer.js';

const MINUTE_MS = 60_000;
const STEP = 'RETURN';
/** A request for the templates of one reference: passed by giving them, failed by one no. */
const REQUEST: CheckPolicy = {
  kind: 'WALLET_REQUEST',
  steps: [STEP],
  maxFailures: 1,
  maxInconclusive: 1,
  lifeTimeMs: 15 * MINUTE_MS,
};
/** Exams begin late, and a student may be asked once more after the end. */
const AFTER_EXAM_MS = 30 * MINUTE_MS;
/** A loan that could not end, because its student sits an exam, is looked at again after this. */
const LOAN_AGAIN_MS = 15 * MINUTE_MS;

export interface WalletDependencies {
  storage: Storage;
  audit: Audit;
  custodian: Custodian;
  consent: ConsentGuard;
  sitting: SittingGuard;
  directory: SubjectDirectory;
  examsAhead: ExamsAhead;
  /** Null where this installation sends no push messages. */
  push: Push | null;
  clock: { now(): number };
  log: Logger;
  options: {
    /** How long the server has templates that a phone gave, unless an exam is on or begins until then. */
    loanHours: number;
  };
}

/** A reference in the wallet. */
export interface Entry {
  modality: Modality;
  custody: KeptReference['custody'];
  /** UTC milliseconds; null where the phone is not asked. */
  requestExpiresAt: number | null;
  /** UTC milliseconds; null where the custody is not LENT. */
  lentUntil: number | null;
}

export interface Answer {
  modality: Modality;
  /** Null: no. */
  blob: Uint8Array | null;
}

/** Where templates are, and how they come and go. */
export interface Wallet {
  /** @throws StatusError REFERENCE_MISSING, USER_NOT_FOUND */
  handOver(
    subject: Subject,
    modality: Modality,
    pushToken: string | null,
  ): Promise<{ blob: Buffer; entry: Entry }>;
  ask(actor: string, subject: Subject): Promise<{ modalities: Modality[]; push: PushOutcome | 'NOT_NEEDED' }>;
  /** @throws StatusError TEMPLATE_INVALID, CONSENT_REQUIRED, REFERENCE_IN_USE */
  answer(subject: Subject, answers: readonly Answer[]): Promise<Outcome[]>;
  entries(db: Db, userId: string): Promise<Entry[]>;
  /** Ends loans whose time is over; how many were looked at. */
  endLoans(limit: number): Promise<number>;
}

export function createWallet(dependencies: WalletDependencies & { phones: Phones }): Wallet {
  const { storage, audit, custodian, consent, sitting, directory, examsAhead, phones, clock, options } =
    dependencies;

  async function requestOf(db: Db, { id, userId }: KeptReference): Promise<Check | undefined> {
    return latestCheck(db, { userId, kind: REQUEST.kind, targetId: id });
  }

  async function situationOf(db: Db, reference: KeptReference, request: Check | undefined) {
    return {
      ...reference,
      request: request ? stateAt(request, clock.now()) : ('NONE' as const),
      sitting: await sitting.isSitting(db, reference.userId),
    };
  }

  async function tell(
    tx: Db,
    { id, organisationId, userId, modality }: KeptReference,
    what: 'offered' | 'handed_over' | 'requested' | 'given' | 'denied' | 'loan_ended',
    actor: string | null,
    details: Record<string, unknown> = {},
  ): Promise<void> {
    const at = clock.now();
    const payload = { user: userId, modality };
    await emit(tx, { organisationId, topic: `wallet.${what}`, key: userId, payload, at });
    await audit.record(tx, {
      organisationId,
      actor,
      subject: userId,
      action: `wallet.${what}`,
      target: `references/${id}`,
      details: { modality, ...details },
    });
  }

  async function loanEnd(tx: Db, userId: string): Promise<number> {
    const now = clock.now();
    const until = now + options.loanHours * 60 * MINUTE_MS;
    const examsEnd = await examsAhead.lastEnd(tx, userId, now, until);
    return examsEnd === null ? until : examsEnd + AFTER_EXAM_MS;
  }

  /** Writes what was decided on the phone's answer. */
  async function settle(
    tx: Db,
    reference: KeptReference,
    request: Check | undefined,
    transfer: Transfer,
    parcel?: Parcel,
  ): Promise<void> {
    const now = clock.now();
    const { custody, packedTemplates } = transfer;
    const { userId } = reference;
    if (custody !== reference.custody) {
      const lentUntil = custody === 'LENT' ? await loanEnd(tx, userId) : null;
      await custodian.move(tx, reference, { custody, packedTemplates, lentUntil }, parcel);
      if (custody === 'LENT') await tell(tx, reference, 'given', userId, { until: lentUntil });
      else await tell(tx, reference, 'handed_over', userId);
    }
    if (!request || transfer.request === null) return;
    const outcome = transfer.request === 'PASSED' ? 'MATCH' : 'NO_MATCH';
    const made = { step: STEP, outcome, score: null, threshold: null, modelId: null, at: now } as const;
    await saveAttempt(tx, attempt(request, made), made);
    if (transfer.request === 'FAILED') await tell(tx, reference, 'denied', userId);
  }

  async function endOne(tx: Db, reference: KeptReference): Promise<void> {
    const transfer = endLoan(await situationOf(tx, reference, undefined));
    const { custody, packedTemplates } = transfer ?? reference;
    const lentUntil = transfer ? null : clock.now() + LOAN_AGAIN_MS;
    await custodian.move(tx, reference, { custody, packedTemplates, lentUntil });
    if (transfer) await tell(tx, reference, 'loan_ended', null, { custody });
  }

  /** The parcel of a blob, or undefined with the problem noted. */
  async function opened(
    tx: Db,
    reference: KeptReference | undefined,
    blob: Uint8Array,
    note: (description: string) => void,
  ): Promise<Parcel | undefined> {
    try {
      if (!reference) throw new StatusError('TEMPLATE_INVALID', 'Nothing of this kind is enrolled any more.');
      return await custodian.unpack(tx, reference, blob);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'TEMPLATE_INVALID') throw error;
      note(error.message);
      return undefined;
    }
  }

  return {
    async handOver(subject, modality, pushToken) {
      return again(() =>
        storage.transaction(async (tx) => {
          await requireSubject(tx, directory, subject);
          const held = await custodian.ofUser(tx, subject.userId);
          const reference = held.find((each) => each.modality === modality);
          if (!reference?.complete) throw nothingToHandOver(modality);
          const transfer = handOver(await situationOf(tx, reference, undefined));
          if (transfer === 'WITH_PHONE') throw withPhone(modality);
          const blob = await custodian.pack(tx, reference);
          const { custody, packedTemplates } = transfer;
          const lentUntil = custody === 'LENT' ? reference.lentUntil : null;
          await custodian.move(tx, reference, { custody, packedTemplates, lentUntil });
          await tell(tx, reference, 'offered', subject.userId);
          if (pushToken !== null) await phones.register(tx, subject, pushToken);
          const request = await requestOf(tx, reference);
          return { blob, entry: entryOf({ ...reference, custody, lentUntil }, request, clock.now()) };
        }),
      );
    },

    async ask(actor, subject) {
      const modalities = await again(() =>
        storage.transaction(async (tx) => {
          const asked: Modality[] = [];
          for (const reference of await custodian.ofUser(tx, subject.userId)) {
            if (!canBeAsked(reference.custody)) continue;
            asked.push(reference.modality);
            const latest = await requestOf(tx, reference);
            const now = clock.now();
            if (latest && stateAt(latest, now) === 'OPEN') continue;
            const of = { ...subject, id: randomUUID(), targetId: reference.id };
            await insertCheck(tx, openCheck(REQUEST, { ...of, ordinal: (latest?.ordinal ?? 0) + 1 }, now));
            await tell(tx, reference, 'requested', actor);
          }
          return asked;
        }),
      );
      return { modalities, push: modalities.length > 0 ? await phones.push(subject.userId) : 'NOT_NEEDED' };
    },

    async answer(subject, answers) {
      return again(() =>
        storage.transaction(async (tx) => {
          const held = await custodian.ofUser(tx, subject.userId);
          const problems: FieldViolation[] = [];
          const outcomes: Outcome[] = [];
          for (const [index, { modality, blob }] of answers.entries()) {
            const reference = held.find((each) => each.modality === modality);
            const request = reference && (await requestOf(tx, reference));
            if (blob === null) {
              const transfer = reference && deny(await situationOf(tx, reference, request));
              if (reference && transfer) await settle(tx, reference, request, transfer);
              outcomes.push(transfer?.outcome ?? 'NOTHING');
              continue;
            }
            const parcel = await opened(tx, reference, blob, (description) =>
              problems.push({ field: `answers[${index}].template`, problem: 'bad_format', description }),
            );
            if (!reference || !parcel) continue;
            const transfer = give(await situationOf(tx, reference, request));
            if (transfer === 'IN_USE') throw inUse();
            if (transfer.outcome === 'GIVEN') await consent.require(tx, subject, modality, 'EXAM_IDENTITY');
            await settle(tx, reference, request, transfer, parcel);
            outcomes.push(transfer.outcome);
          }
          if (problems.length > 0) throw notRight(problems);
          return outcomes;
        }),
      );
    },

    async entries(db, userId) {
      const now = clock.now();
      const held = await custodian.ofUser(db, userId);
      return Promise.all(
        held.map(async (reference) => entryOf(reference, await requestOf(db, reference), now)),
      );
    },

    async endLoans(limit) {
      const ended = await custodian.endedLoans(storage.db, clock.now(), limit);
      for (const reference of ended) {
        try {
          await storage.transaction((tx) => endOne(tx, reference));
        } catch (error) {
          // Whoever changed it in between was first; the next run looks at it again.
          if (!(error instanceof StatusError) || error.reason !== 'VERSION_CONFLICT') throw error;
        }
      }
      return ended.length;
    },
  };
}

function entryOf(reference: KeptReference, request: Check | undefined, now: number): Entry {
  const { modality, custody, lentUntil } = reference;
  const open = request && stateAt(request, now) === 'OPEN';
  return { modality, custody, requestExpiresAt: open ? request.expiresAt : null, lentUntil };
}

function nothingToHandOver(modality: Modality): StatusError {
  const name = modality.toLowerCase();
  return new StatusError('REFERENCE_MISSING', `There is no complete ${name} reference to hand over.`, {
    resource: { type: 'probity.biometrics.v1.Reference', name: `users/me/references/${name}` },
  });
}

function notRight(fields: FieldViolation[]): StatusError {
  const message = fields.map(({ field, description }) => `${field}: ${description}`).join('; ');
  return new StatusError('TEMPLATE_INVALID', message, { fields });
}

function inUse(): StatusError {
  return new StatusError(
    'REFERENCE_IN_USE',
    'The server keeps the reference during an exam; send it again when the exam is over.',
  );
}
