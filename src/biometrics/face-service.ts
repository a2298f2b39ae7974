import { principalOf, validate, type Context } from '../call/index.js';
import type { FaceServiceService } from '../grpc/gen/probity/biometrics/v1/face_service.js';
import type { Handlers } from '../grpc/index.js';
import type { RecogniserEntry } from './engine/index.js';
import {
  applyGate,
  compare,
  type FaceAnalyser,
  type FaceAnalysis,
  type FaceParts,
  type FaceTemplate,
} from './face/index.js';
import { compareTemplates, usable } from './matching.js';
import { adviceOf, presentComparison, presentFace } from './presenter.js';
import { presentRemarks } from './remark.js';
import { compareRequest, imageRequest } from './requests.js';
import type { TemplateVault } from './templates/index.js';

const DETECT: FaceParts = { embedding: false, pose: false, eyes: false, quality: false, liveness: false };
const ASSESS: FaceParts = { embedding: false, pose: true, eyes: true, quality: true, liveness: true };
const COMPARE: FaceParts = { embedding: true, pose: true, eyes: true, quality: true, liveness: true };

type Sample = { $case: 'image'; value: Uint8Array } | { $case: 'template'; value: Uint8Array };
/** One side of a comparison, as far as it is known: a template, or a picture with what was found in it. */
type Side =
  { template: FaceTemplate; analysis?: undefined } | { analysis: FaceAnalysis; template?: undefined };

/** FaceService: faces without a subject. Nothing is stored. */
export function faceService({
  analyser,
  vault,
  recogniser,
}: {
  analyser: FaceAnalyser;
  vault: TemplateVault;
  recogniser: RecogniserEntry;
}): Handlers<typeof FaceServiceService> {
  async function sideOf(sample: Sample, ctx: Context): Promise<Side> {
    if (sample.$case === 'image') return { analysis: await analyser.analyse(sample.value, COMPARE, ctx) };
    const { modelId, vector } = await vault.import(principalOf(ctx).organisationId, sample.value);
    return { template: { modelId, vector } };
  }

  return {
    async detectFaces(request, ctx) {
      principalOf(ctx);
      const { image } = validate(imageRequest, request);
      const analysis = await analyser.analyse(image, DETECT, ctx);
      const { width, height } = analysis.image;
      return { faces: presentFace(analysis).faces, width, height };
    },

    async assessFace(request, ctx) {
      principalOf(ctx);
      const { image } = validate(imageRequest, request);
      const analysis = await analyser.analyse(image, ASSESS, ctx);
      const gate = applyGate(analysis, 'ENROLMENT');
      const better = analysis.primary ? adviceOf(analysis.primary.quality) : [];
      return {
        finding: presentFace(analysis),
        usable: gate.passed,
        remarks: presentRemarks(gate.passed ? better : [...gate.reasons, ...gate.advice, ...better]),
      };
    },

    async extractTemplate(request, ctx) {
      const { organisationId } = principalOf(ctx);
      const { image } = validate(imageRequest, request);
      const analysis = await analyser.analyse(image, COMPARE, ctx);
      const face = usable(analysis, recogniser);
      const template =
        'refused' in face
          ? Buffer.alloc(0)
          : await vault.export(organisationId, { modality: 'FACE', subject: null, ...face.template });
      return { template, model: recogniser.id, finding: presentFace(analysis) };
    },

    async compareFaces(request, ctx) {
      const { probe: probeSample, reference: referenceSample } = validate(compareRequest, request);
      // The reference first: a template that cannot be opened is told before anything is analysed.
      const reference = await sideOf(referenceSample, ctx);
      const probe = await sideOf(probeSample, ctx);
      const other = reference.analysis
        ? usable(reference.analysis, recogniser)
        : { template: reference.template };
      const comparison =
        'refused' in other
          ? other.refused
          : probe.analysis
            ? compare(probe.analysis, [other.template], recogniser)
            : compareTemplates(probe.template, [other.template], recogniser);
      return {
        comparison: presentComparison(comparison),
        probeFinding: probe.analysis && presentFace(probe.analysis),
        referenceFinding: reference.analysis && presentFace(reference.analysis),
      };
    },
  };
}
