import { findSubject, MODALITY_MESSAGES, requireSubject, type Custody } from '../biometrics/index.js';
import { principalOf, validate } from '../call/index.js';
import type { Handlers } from '../grpc/index.js';
import {
  AnswerOutcome,
  Custody as CustodyMessage,
  PushOutcome as PushMessage,
  type WalletEntry,
  type WalletServiceService,
} from '../grpc/gen/probity/biometrics/v1/wallet_service.js';
import { again } from '../storage/index.js';
import type { Phones, PushOutcome } from './phones.js';
import { handOverRequest, phoneRequest, returnRequest, userRequest } from './requests.js';
import type { Outcome } from './transfer.js';
import type { Entry, Wallet, WalletDependencies } from './wallet.js';

const CUSTODIES: Record<Custody, CustodyMessage> = {
  SERVER: CustodyMessage.CUSTODY_SERVER,
  OFFERED: CustodyMessage.CUSTODY_OFFERED,
  PHONE: CustodyMessage.CUSTODY_PHONE,
  LENT: CustodyMessage.CUSTODY_LENT,
};

const PUSHES: Record<PushOutcome | 'NOT_NEEDED', PushMessage> = {
  SENT: PushMessage.PUSH_OUTCOME_SENT,
  NOT_NEEDED: PushMessage.PUSH_OUTCOME_NOT_NEEDED,
  RECENT: PushMessage.PUSH_OUTCOME_RECENT,
  NO_PHONE: PushMessage.PUSH_OUTCOME_NO_PHONE,
  FAILED: PushMessage.PUSH_OUTCOME_FAILED,
  OFF: PushMessage.PUSH_OUTCOME_OFF,
};

const OUTCOMES: Record<Outcome, AnswerOutcome> = {
  GIVEN: AnswerOutcome.ANSWER_OUTCOME_GIVEN,
  DENIED: AnswerOutcome.ANSWER_OUTCOME_DENIED,
  KEPT: AnswerOutcome.ANSWER_OUTCOME_KEPT,
  NOTHING: AnswerOutcome.ANSWER_OUTCOME_NOTHING,
};

/** WalletService: templates on the student's phone, and on the server only while they are needed. */
export function walletService({
  storage,
  directory,
  wallet,
  phones,
}: Pick<WalletDependencies, 'storage' | 'directory'> & {
  wallet: Wallet;
  phones: Phones;
}): Handlers<typeof WalletServiceService> {
  const { db } = storage;
  return {
    async registerPhone(request, ctx) {
      const caller = principalOf(ctx);
      const { pushToken } = validate(phoneRequest, request);
      await again(() =>
        storage.transaction(async (tx) => {
          await requireSubject(tx, directory, caller);
          await phones.register(tx, caller, pushToken);
        }),
      );
      return {};
    },

    async handOver(request, ctx) {
      const caller = principalOf(ctx);
      const { modality, pushToken } = validate(handOverRequest, request);
      const { blob, entry } = await wallet.handOver(caller, modality, pushToken);
      return { template: blob, entry: present(entry) };
    },

    async requestTemplates(request, ctx) {
      const caller = principalOf(ctx);
      const { user } = validate(userRequest, request);
      const subject = await findSubject(db, directory, caller, user.user);
      const { modalities, push } = await wallet.ask(caller.userId, subject);
      return { modalities: modalities.map((modality) => MODALITY_MESSAGES[modality]), push: PUSHES[push] };
    },

    async returnTemplates(request, ctx) {
      const caller = principalOf(ctx);
      const { answers } = validate(returnRequest, request);
      const given = answers.map(({ modality, template }) => ({
        modality,
        blob: template.length === 0 ? null : template,
      }));
      const outcomes = await wallet.answer(caller, given);
      return {
        answers: given.map(({ modality }, index) => ({
          modality: MODALITY_MESSAGES[modality],
          outcome: OUTCOMES[outcomes[index] ?? 'NOTHING'],
        })),
      };
    },

    async getWalletStatus(request, ctx) {
      const caller = principalOf(ctx);
      const { user } = validate(userRequest, request);
      const { userId } = await findSubject(db, directory, caller, user.user);
      return {
        entries: (await wallet.entries(db, userId)).map(present),
        phoneRegistered: await phones.isRegistered(db, userId),
      };
    },
  };
}

function present({ modality, custody, requestExpiresAt, lentUntil }: Entry): WalletEntry {
  return {
    modality: MODALITY_MESSAGES[modality],
    custody: CUSTODIES[custody],
    requestExpireTime: requestExpiresAt === null ? undefined : new Date(requestExpiresAt),
    loanExpireTime: lentUntil === null ? undefined : new Date(lentUntil),
  };
}
