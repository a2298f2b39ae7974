import { createHash, randomBytes, randomUUID } from 'node:crypto';
import pino from 'pino';
import sharp from 'sharp';
import {
  entriesOf,
  loadManifest,
  type FaceAnalyser,
  type FaceAnalysis,
  type FacePresence,
  type Movement,
  type UserReference,
  type LivenessFinding,
  type SampleJudge,
} from '../../src/biometrics/index.js';
import { invalidFields, StatusError, type Context, type Role } from '../../src/call/index.js';
import { createThrottle } from '../../src/checks/index.js';
import { createAudit, type AuditEntry } from '../../src/events/index.js';
import { createExams, type Exams, type ExamsDependencies } from '../../src/exams/index.js';
import type { AdmissionChange } from '../../src/exams/admission/admissions.js';
import type { SampleModality } from '../../src/exams/watching/fusion.js';
import type { Person } from '../../src/exams/ports.js';
import {
  Exam,
  ExamType,
  LivenessPolicy,
  type BatchEnrolStudentsResponse,
} from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import type { Storage } from '../../src/storage/index.js';

export const ORGANISATION = 'UC';
export const START = Date.UTC(2026, 10, 23, 9);
const recogniser = entriesOf(loadManifest('models'), 'face.recognise')[0]!;
const DIMENSIONS = recogniser.dimensions;
const ENROLLED = unit(0);
const OTHER = unit(1);

/** What the judge shall say of a sample. */
export interface Heard {
  /** Comparison score with the enrolled reference; null: nothing could be compared. */
  score?: number | null;
  /** Nats; 10 for each unit of score above the threshold, unless given. */
  logLikelihoodRatio?: number;
  /** What the judge throws instead. */
  error?: StatusError;
}

const SAMPLE_THRESHOLD = 0.3;

/** What the engine shall say of a picture. */
export interface Script {
  presence?: FacePresence;
  /** Comparison score with the enrolled reference. */
  score?: number;
  liveness?: LivenessFinding;
  /** Of the engine's quality gate: false is too poor to compare. */
  sharp?: boolean;
  fingerprint?: Uint8Array;
  /** What the face does; at rest where it is not said. */
  movement?: Partial<Movement & { yaw: number; closed: number }>;
  /** What the engine throws instead. */
  error?: StatusError;
}

export interface World {
  storage: Storage;
  exams: Exams;
  clock: { now(): number; advance(ms: number): void };
  /** The analyser's turnstile: while it is set, analyses wait for it. */
  gate: { closed: Promise<void> | null };
  analysed: { count: number };
  /** Bytes of a new picture of which the engine says this. */
  picture(script?: Script): Promise<Buffer>;
  person(email: string): Person;
  ctx(userId: string, role?: Role, organisationId?: string, signal?: AbortSignal): Context;
  /** Bytes of a new recording or batch of events of which the judge of its modality says this. */
  sample(heard?: Heard): Buffer;
  /** Samples that were judged. */
  judged: { count: number };
  /** Changes of admissions, as others were told. */
  admitted: AdmissionChange[];
  references: Map<string, UserReference>;
  /** Until when staff let faces be enrolled anew, UTC milliseconds. */
  replaceable: Map<string, number>;
  /** References of other modalities than the face, by `<user>/<modality>`. */
  otherReferences: Map<string, UserReference>;
  /** Users who withdrew everything, and `<user>/<modality>`. */
  withdrawn: Set<string>;
  matches: { userId: string; at: number }[];
  audited(): Promise<AuditEntry[]>;
  pseudonym(id: string): string;
  told(topic: string): Promise<number>;
  rewire(change: Partial<ExamsDependencies>): Exams;
}

/** Exams over a real store; the engine's answers are scripted, the other domains are the least that is needed. */
export function createWorld(storage: Storage): World {
  let now = START;
  const clock = { now: () => now, advance: (ms: number) => void (now += ms) };
  const scripts = new Map<string, Script>();
  const people = new Map<string, Person>();
  const references = new Map<string, UserReference>();
  const replaceable = new Map<string, number>();
  const otherReferences = new Map<string, UserReference>();
  const heard = new Map<string, Heard>();
  const judged = { count: 0 };
  const withdrawn = new Set<string>();
  const matches: World['matches'] = [];
  const admitted: AdmissionChange[] = [];
  const gate: World['gate'] = { closed: null };
  const analysed = { count: 0 };
  const audit = createAudit(storage, clock.now);

  const analyser: FaceAnalyser = {
    async analyse(image, _parts, call) {
      analysed.count++;
      const sha256 = createHash('sha256').update(image).digest('hex');
      const script = scripts.get(sha256);
      if (gate.closed) await gate.closed;
      if (call?.signal?.aborted) throw new StatusError('CANCELLED', 'The caller went away.');
      if (!script) throw new StatusError('IMAGE_UNREADABLE', 'The image cannot be read.');
      if (script.error) throw script.error;
      return analysisOf(script, sha256);
    },
  };

  const judgeOf = (modality: SampleModality): SampleJudge => ({
    modality,
    async judge(_db, _subject, bytes, call) {
      judged.count++;
      if (gate.closed) await gate.closed;
      if (call?.signal?.aborted) throw new StatusError('CANCELLED', 'The caller went away.');
      const script = heard.get(createHash('sha256').update(bytes).digest('hex'));
      if (!script)
        throw invalidFields([{ field: 'content', problem: 'bad_format', description: 'is noise' }]);
      if (script.error) throw script.error;
      const { score = 0.6 } = script;
      const modelId = `${modality.toLowerCase()}-scripted/1`;
      const same = { modality, score, threshold: SAMPLE_THRESHOLD, modelId };
      if (score === null) {
        return { ...same, outcome: 'INCONCLUSIVE', reasons: ['Too little.'], logLikelihoodRatio: null };
      }
      const { logLikelihoodRatio = 10 * (score - SAMPLE_THRESHOLD) } = script;
      const outcome = score >= SAMPLE_THRESHOLD ? 'MATCH' : 'NO_MATCH';
      return { ...same, outcome, reasons: [], logLikelihoodRatio };
    },
  });

  const dependencies: ExamsDependencies = {
    storage,
    audit,
    analyser,
    recogniser,
    judges: { VOICE: judgeOf('VOICE'), INTERACTION: judgeOf('INTERACTION') },
    clock,
    directory: {
      byIds: (_db, _organisation, ids) =>
        Promise.resolve([...people.values()].filter(({ id }) => ids.includes(id))),
      byEmail: (_db, organisation, email) =>
        Promise.resolve(organisation === ORGANISATION ? (people.get(email) ?? null) : null),
      ensureStudents(_db, _organisation, entries) {
        let createdCount = 0;
        const users = new Map<string, Person>();
        for (const entry of entries) {
          if (!people.has(entry.email)) {
            createdCount++;
            people.set(entry.email, { id: randomUUID(), ...entry });
          }
          users.set(entry.email, people.get(entry.email)!);
        }
        return Promise.resolve({ users: [...users.values()], createdCount });
      },
    },
    references: {
      reference: (_db, userId, modality) =>
        Promise.resolve(
          (modality === 'FACE' ? references.get(userId) : otherReferences.get(`${userId}/${modality}`)) ??
            null,
        ),
      required: () => 1,
      replaceableUntil: (_db, userId) => Promise.resolve(replaceable.get(userId) ?? null),
      recordMatch(_db, { userId }, at) {
        matches.push({ userId, at });
        return Promise.resolve();
      },
    },
    consent: {
      require(_db, { userId }, modality) {
        if (!withdrawn.has(userId) && !withdrawn.has(`${userId}/${modality}`)) return Promise.resolve();
        return Promise.reject(new StatusError('CONSENT_REQUIRED', 'Consent is needed first.'));
      },
    },
    throttle: createThrottle({ storage, clock }),
    admissionChanged(_tx, change) {
      admitted.push(change);
      return Promise.resolve();
    },
    draw: () => 0,
    log: pino({ level: 'silent' }),
    options: { findingRetentionDays: 180, evidenceRetentionDays: 30 },
  };

  return {
    storage,
    exams: createExams(dependencies),
    rewire: (change) => createExams({ ...dependencies, ...change }),
    clock,
    gate,
    analysed,
    sample(script = {}) {
      const bytes = randomBytes(40);
      heard.set(createHash('sha256').update(bytes).digest('hex'), script);
      return bytes;
    },
    judged,
    admitted,
    references,
    replaceable,
    otherReferences,
    withdrawn,
    matches,
    async picture(script = {}) {
      const [r = 0, g = 0, b = 0] = randomBytes(3);
      const background = { r, g, b };
      const bytes = await sharp({ create: { width: 24, height: 16, channels: 3, background } })
        .withExif({ IFD0: { ImageDescription: randomUUID() } })
        .jpeg()
        .toBuffer();
      scripts.set(createHash('sha256').update(bytes).digest('hex'), {
        fingerprint: randomBytes(256),
        ...script,
      });
      return bytes;
    },
    person(email) {
      const known = people.get(email);
      if (known) return known;
      const person = { id: randomUUID(), email, givenName: email.split('@')[0]!, familyName: 'Example' };
      people.set(email, person);
      references.set(person.id, referenceOf(person.id));
      for (const modality of ['VOICE', 'INTERACTION']) {
        otherReferences.set(`${person.id}/${modality}`, referenceOf(person.id));
      }
      return person;
    },
    ctx(userId, role = 'STUDENT', organisationId = ORGANISATION, signal = new AbortController().signal) {
      return {
        requestId: randomUUID(),
        principal: { userId, organisationId, role, loginId: randomUUID() },
        deadline: Number.POSITIVE_INFINITY,
        signal,
        log: pino({ level: 'silent' }),
        peer: '127.0.0.1',
      };
    },
    audited: () => audit.list(storage.db, { organisationId: ORGANISATION, after: 0, limit: 1000 }),
    pseudonym: (id) => audit.pseudonym(ORGANISATION, id),
    async told(topic) {
      const rows = (await storage.db('outbox').where({ topic }).pluck('id')) as number[];
      return rows.length;
    },
  };
}

/** An exam with an owner and one enrolled student. */
export async function examOf(
  world: World,
  change: Partial<Exam> = {},
): Promise<{ name: string; owner: Person; student: Person; staff: Context; sitter: Context }> {
  const owner = world.person('owner@example.org');
  const student = world.person('ann@example.org');
  const staff = world.ctx(owner.id, 'INSTRUCTOR');
  const { name } = await world.exams.handlers.exams.createExam({ exam: draft(change) }, staff);
  await enrol(world, name, staff, student.email);
  return { name, owner, student, staff, sitter: world.ctx(student.id) };
}

/** One that has started and that its student has joined after a match. */
export async function sittingOf(world: World, change: Partial<Exam> = {}): ReturnType<typeof examOf> {
  const sitting = await examOf(world, change);
  const { exams, identification, proctoring } = world.exams.handlers;
  await exams.startExam({ name: sitting.name }, sitting.staff);
  const image = await world.picture();
  await identification.identifyStudent({ exam: sitting.name, image, operatingSystem: '' }, sitting.sitter);
  await proctoring.joinExam({ exam: sitting.name }, sitting.sitter);
  return sitting;
}

export function enrol(
  world: World,
  exam: string,
  staff: Context,
  ...emails: string[]
): Promise<BatchEnrolStudentsResponse> {
  const students = emails.map((email) => ({ email, givenName: 'Ann', familyName: 'Example' }));
  return world.exams.handlers.exams.batchEnrolStudents({ exam, students }, staff);
}

/** An exam as a client would write it. */
export function draft(change: Partial<Exam> = {}): Exam {
  return {
    ...Exam.fromPartial({
      displayName: 'Algebra',
      type: ExamType.EXAM_TYPE_WRITTEN,
      scheduleTime: new Date(START + 3_600_000),
      duration: { seconds: 5400n },
      privacyPolicy: 'We keep what we must.',
      monitoring: { liveness: LivenessPolicy.LIVENESS_POLICY_NEVER_BLOCK },
    }),
    ...change,
  };
}

export function live(outcome: 'LIVE' | 'SPOOF_SUSPECTED'): LivenessFinding {
  return { outcome, score: outcome === 'LIVE' ? 0.9 : 0.05, threshold: 0.2, modelId: 'face-liveness/1' };
}

function referenceOf(userId: string): UserReference {
  return {
    referenceId: userId,
    modelId: recogniser.id,
    open: () => Promise.resolve([{ modelId: recogniser.id, vector: ENROLLED }]),
    withPhone: false,
    templateCount: 1,
    assurance: 'SELF_ASSERTED',
    complete: true,
    enrolledAt: START,
    expiresAt: START + 1e12,
  };
}

/** A vector whose cosine with the enrolled one is `score`. */
function probe(score: number): Float32Array {
  const rest = Math.sqrt(1 - score * score);
  return ENROLLED.map((value, i) => score * value + rest * OTHER[i]!);
}

function unit(axis: number): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  vector[axis] = 1;
  return vector;
}

const NOT_ASSESSED = {
  outcome: 'NOT_ASSESSED',
  reason: 'WINDOW_DOES_NOT_FIT',
  explanation: 'Move back a little.',
} as const;

function analysisOf(script: Script, sha256: string): FaceAnalysis {
  const { presence = 'ONE_FACE', score = 0.7, liveness = NOT_ASSESSED, sharp: inFocus = true } = script;
  const box = { x: 4, y: 4, width: 8, height: 8 };
  const point = { x: 6, y: 6 };
  const { yaw = 0, closed = 0, ...movement } = script.movement ?? {};
  const face = { box, score: 0.99, modelId: 'face-detect/1', counts: true };
  const count = presence === 'NO_FACE' ? 0 : presence === 'ONE_FACE' ? 1 : 2;
  const sharpness = {
    measure: 'SHARPNESS' as const,
    outcome: inFocus ? ('ACCEPTABLE' as const) : ('TOO_LOW' as const),
    value: inFocus ? 100 : 0,
    unit: 'px',
    acceptable: { min: 15 },
    advice: inFocus ? null : ('HOLD_STILL' as const),
  };
  return {
    image: {
      width: 24,
      height: 16,
      format: 'jpeg',
      sha256,
      fingerprint: script.fingerprint ?? randomBytes(256),
    },
    faces: Array.from({ length: count }, () => face),
    presence,
    primary:
      count === 0
        ? null
        : {
            box,
            score: 0.99,
            landmarks: [point, point, point, point, point],
            movement: { noseAside: 0, mouthWidth: 0.8, mouthLift: 0, ...movement },
            template: { modelId: recogniser.id, vector: probe(score) },
            pose: { outcome: 'ASSESSED', yaw, pitch: 0, roll: 0, modelId: 'face-pose/1' },
            eyes: { outcome: 'ASSESSED', leftClosed: closed, rightClosed: closed, modelId: 'face-eyes/1' },
            quality: { outcome: inFocus ? 'ACCEPTABLE' : 'POOR', components: [sharpness] },
            liveness,
          },
    timings: { stages: {}, models: {}, queued: 0, ran: 0 },
  };
}
