import { Modality } from '../../../../grpc/gen/probity/biometrics/v1/reference_service.js';
import {
  AnswerOutcome,
  Custody,
  PushOutcome,
  type ReturnTemplatesResponse,
  type WalletEntry,
} from '../../../../grpc/gen/probity/biometrics/v1/wallet_service.js';
import { operation, type Operation } from '../../../family.js';
import * as schemas from '../schemas.js';
import { BIOMETRICS, biometric, RESOURCE, type Biometric } from '../words.js';

/** What became of the push message, in words. */
const PUSHED: Partial<Record<PushOutcome, string>> = {
  [PushOutcome.PUSH_OUTCOME_SENT]: 'The phone was asked.',
  [PushOutcome.PUSH_OUTCOME_NOT_NEEDED]: 'The phone has nothing that is missing here.',
  [PushOutcome.PUSH_OUTCOME_RECENT]: 'The phone was asked less than a minute ago.',
  [PushOutcome.PUSH_OUTCOME_NO_PHONE]: 'No phone is registered; open the wallet.',
  [PushOutcome.PUSH_OUTCOME_FAILED]: 'The phone cannot be reached now; open the wallet.',
  [PushOutcome.PUSH_OUTCOME_OFF]: 'No push messages are sent here; open the wallet.',
};

/** A GET with an effect, as documented; the core sends at most one push a minute. */
export const pushNotification: Operation = operation({
  id: 'biometricsPushNotificationList',
  method: 'GET',
  path: '/biometrics/push_notification',
  summary: 'Asks the wallet for the biometric models that it has, and returns which were asked for',
  tag: 'Biometrics',
  auth: 'token',
  status: 200,
  success: 'Success',
  answer: schemas.Response200_2,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run(_input, { core, options: call }) {
    const { modalities, push } = await core.wallet.requestTemplates({ user: 'users/me' }, call);
    return {
      message: PUSHED[push] ?? 'The phone was asked.',
      resource_name: 'biometrics',
      resource_array: modalities.flatMap((modality) => biometric(modality) ?? []),
    };
  },
});

export const serverStatus: Operation = operation({
  id: 'biometricsServerStatusList',
  method: 'GET',
  path: '/biometrics/server_status',
  summary: 'Returns whether the server has the Face, Voice, and Handwriting biometric models',
  tag: 'Biometrics',
  auth: 'token',
  status: 200,
  success: 'Success',
  answer: schemas.Response200_3,
  errors: [400, 401, 403, 404, 405, 415, 500],
  async run(_input, { core, options: call }) {
    const { entries } = await core.wallet.getWalletStatus({ user: 'users/me' }, call);
    return {
      message: 'The biometric models that the server holds.',
      resource_name: 'biometrics',
      resource_dict: whichOf(entries, ({ custody }) => custody !== Custody.CUSTODY_PHONE),
    };
  },
});

/** `wallet/…`, in the document's order. */
export const wallet: Operation[] = [
  handOver('biometricsWalletFaceCreate', 'Face', Modality.MODALITY_FACE, schemas.BiometricsWalletFace),
  handOver(
    'biometricsWalletHandwritingCreate',
    'Handwriting',
    Modality.MODALITY_HANDWRITING,
    schemas.BiometricsWalletHandwriting,
  ),

  operation({
    id: 'biometricsWalletSendCreate',
    method: 'POST',
    path: '/biometrics/wallet/send',
    summary: 'Takes the biometric models that the wallet gives; an empty one is a no',
    tag: 'Biometrics',
    auth: 'token',
    body: schemas.BiometricsWalletSend,
    fields: {
      'answers[0]': 'face_embeddings',
      'answers[1]': 'voice_embeddings',
      'answers[2]': 'handwriting_embeddings',
    },
    status: 200,
    success: 'Success',
    answer: schemas.Response200_5,
    errors: [400, 401, 403, 404, 405, 415, 500],
    async run({ body }, { core, options: call }) {
      const answers = [
        { modality: Modality.MODALITY_FACE, template: body.face_embeddings },
        { modality: Modality.MODALITY_VOICE, template: body.voice_embeddings },
      ];
      if (body.handwriting_embeddings) {
        answers.push({ modality: Modality.MODALITY_HANDWRITING, template: body.handwriting_embeddings });
      }
      const answered = await core.wallet.returnTemplates({ answers }, call);
      return {
        message: sentWords(answered),
        resource_name: RESOURCE.user,
        resource_array: which(answered, AnswerOutcome.ANSWER_OUTCOME_GIVEN),
      };
    },
  }),

  operation({
    id: 'biometricsWalletStatusList',
    method: 'GET',
    path: '/biometrics/wallet/status',
    summary: 'Returns whether the wallet requested the Face, Voice or Handwriting biometric model',
    tag: 'Biometrics',
    auth: 'token',
    status: 200,
    success: 'Success',
    answer: schemas.Response200_3,
    errors: [400, 401, 403, 404, 405, 415, 500],
    async run(_input, { core, options: call }) {
      const { entries } = await core.wallet.getWalletStatus({ user: 'users/me' }, call);
      return {
        message: 'The biometric models that the wallet holds.',
        resource_name: 'biometrics',
        resource_dict: whichOf(entries, ({ custody }) => custody !== Custody.CUSTODY_SERVER),
      };
    },
  }),

  handOver('biometricsWalletVoiceCreate', 'Voice', Modality.MODALITY_VOICE, schemas.BiometricsWalletVoice),
];

function handOver(id: string, name: Biometric, modality: Modality, body: schemas.WalletHandOver): Operation {
  const word = name.toLowerCase();
  return operation({
    id,
    method: 'POST',
    path: `/biometrics/wallet/${word}`,
    summary: `Returns the ${word} biometric model registered by the student to the wallet`,
    tag: 'Biometrics',
    auth: 'token',
    body,
    fields: { push_token: 'expoPushToken' },
    status: 200,
    success: 'Success',
    answer: schemas.InlineResponse200_1,
    errors: [400, 401, 403, 404, 405, 415, 500],
    async run({ body: { expoPushToken: pushToken } }, { core, options: call }) {
      const { template } = await core.wallet.handOver({ modality, pushToken }, call);
      return {
        message: `The ${word} model was sent to the wallet. The server keeps its own until the wallet sends it back.`,
        resource_name: word,
        resource_array: [template.toString('base64')],
      };
    },
  });
}

function whichOf(entries: readonly WalletEntry[], holds: (entry: WalletEntry) => boolean) {
  const held = new Set(entries.filter(holds).map(({ modality }) => biometric(modality)));
  return Object.fromEntries(BIOMETRICS.map((name) => [name, held.has(name)]));
}

function which({ answers }: ReturnTemplatesResponse, outcome: AnswerOutcome): Biometric[] {
  return answers
    .filter((answer) => answer.outcome === outcome)
    .flatMap(({ modality }) => biometric(modality) ?? []);
}

/** What became of each model, in words. */
function sentWords(answered: ReturnTemplatesResponse): string {
  const told: [string, AnswerOutcome][] = [
    ['Taken until the exam is over', AnswerOutcome.ANSWER_OUTCOME_GIVEN],
    ['Denied', AnswerOutcome.ANSWER_OUTCOME_DENIED],
    ['Not asked for, and left with the wallet', AnswerOutcome.ANSWER_OUTCOME_KEPT],
  ];
  const sentences = told.flatMap(([words, outcome]) => {
    const names = which(answered, outcome);
    return names.length > 0 ? [`${words}: ${names.join(', ')}.`] : [];
  });
  return sentences.length > 0 ? sentences.join(' ') : 'Nothing was asked for, and nothing was sent.';
}
