import { randomUUID } from 'node:crypto';
import { principalOf, requireRole, validate } from '../../call/index.js';
import {
  Modality as ModalityMessage,
  type ReferenceServiceService,
} from '../../grpc/gen/probity/biometrics/v1/reference_service.js';
import type { Handlers } from '../../grpc/index.js';
import { applyGate, compare, type FaceAnalysis } from '../face/index.js';
import { presentComparison, presentFace } from '../presenter.js';
import type { Modality } from '../ports.js';
import { presentRemarks, type Remark } from '../remark.js';
import { allowRequest, deleteRequest, enrolRequest, listRequest, verifyRequest } from '../requests.js';
import { findSubject } from '../whom.js';
import { putAllowance } from './allowance-store.js';
import type { SampleVerdict } from './enrolment.js';
import { faceMatcher } from './face-matcher.js';
import { MODALITIES, presentReferences } from './presenter.js';
import { createRemove, noReference } from './remove.js';
import { ALL_PARTS, type ReferenceServiceDependencies } from './service-dependencies.js';
import { throttleKey } from './throttle.js';

/** How long staff's leave to replace or remove a reference holds. */
const ALLOWANCE_MS = 24 * 3_600_000;

/** ReferenceService: enrolling, verifying, listing, removing, and staff's leave. */
export function referenceService(
  dependencies: ReferenceServiceDependencies,
): Handlers<typeof ReferenceServiceService> {
  const { storage, audit, analyser, recogniser, references, directory, throttle, clock } = dependencies;
  const { enrol, verify, maxTemplates } = dependencies;
  const { db } = storage;
  const faces = faceMatcher(recogniser, maxTemplates);
  const remove = createRemove(dependencies);

  const presentAll = (userId: string) => presentReferences(db, references, userId, clock.now());

  return {
    async enrolFace(request, ctx) {
      const caller = principalOf(ctx);
      const { user, images } = validate(enrolRequest, request);
      const subject = await findSubject(db, directory, caller, user.user);
      const { decision, samples } = await enrol(caller, subject, faces, async () => {
        const analyses: FaceAnalysis[] = [];
        // One after another: a call has one worker's worth of the pool, however many pictures it brings.
        for (const image of images) analyses.push(await analyser.analyse(image, ALL_PARTS, ctx));
        return analyses;
      });
      const held = await presentAll(subject.userId);
      return {
        reference: held.find(({ modality }) => modality === ModalityMessage.MODALITY_FACE),
        images: samples.map((analysis, index) => {
          const verdict = decision.verdicts[index];
          return {
            accepted: verdict?.accepted ?? false,
            reasons: verdict?.reasons ?? [],
            finding: presentFace(analysis),
            remarks: verdict ? presentRemarks(remarksOf(verdict, analysis)) : [],
          };
        }),
        requiredTemplateCount: references.required('FACE'),
      };
    },

    async verifyFace(request, ctx) {
      const caller = principalOf(ctx);
      const { user, image } = validate(verifyRequest, request);
      const subject = await findSubject(db, directory, caller, user.user);
      const { sample, comparison } = await verify(caller, subject, {
        modality: 'FACE',
        modelId: recogniser.id,
        analyse: () => analyser.analyse(image, ALL_PARTS, ctx),
        compare: (analysis, templates) => compare(analysis, templates, recogniser),
      });
      return { comparison: presentComparison(comparison), finding: presentFace(sample) };
    },

    async listReferences(request, ctx) {
      const caller = principalOf(ctx);
      const { user } = validate(listRequest, request);
      const { userId } = await findSubject(db, directory, caller, user.user);
      return { references: await presentAll(userId) };
    },

    async deleteReference(request, ctx) {
      const caller = principalOf(ctx);
      const { name, image } = validate(deleteRequest, request);
      const subject = await findSubject(db, directory, caller, name.user);
      await remove(ctx, caller, subject, modalityOf(name.modality, subject.userId), image);
      return {};
    },

    async allowReplacement(request, ctx) {
      const caller = requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const { name, reason } = validate(allowRequest, request);
      const subject = await findSubject(db, directory, caller, name.user);
      const modality = modalityOf(name.modality, subject.userId);
      const now = clock.now();
      const expiresAt = now + ALLOWANCE_MS;
      const id = randomUUID();
      await storage.transaction(async (tx) => {
        await putAllowance(tx, {
          id,
          ...subject,
          modality,
          allowedBy: caller.userId,
          reason,
          allowedAt: now,
          expiresAt,
        });
        await throttle.clear(tx, throttleKey(subject.userId, modality));
        // The reason is free text and may name people: it stays in its row, which erasure deletes.
        await audit.record(tx, {
          organisationId: subject.organisationId,
          actor: caller.userId,
          subject: subject.userId,
          action: 'reference.replacement_allowed',
          target: `allowances/${id}`,
          details: { modality, expiresAt },
        });
      });
      return { expireTime: new Date(expiresAt) };
    },
  };
}

/** What became of a picture, as codes. */
function remarksOf({ why }: SampleVerdict, picture: FaceAnalysis): Remark[] {
  if (why === null) return [];
  if (why !== 'UNUSABLE') return [why];
  const gate = applyGate(picture, 'ENROLMENT');
  return gate.passed ? [] : [...gate.reasons, ...gate.advice];
}

/** @throws StatusError REFERENCE_NOT_FOUND for what is no modality */
function modalityOf(name: string, userId: string): Modality {
  for (const modality of Object.keys(MODALITIES) as Modality[]) {
    if (modality.toLowerCase() === name) return modality;
  }
  throw noReference(userId, name);
}
