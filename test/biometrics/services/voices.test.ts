import { randomUUID } from 'node:crypto';
import { Assessment, LivenessOutcome, Outcome } from '../../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { databases } from '../../support/databases.js';
import {
  addUser,
  CONVERSATION,
  createWorld,
  idleEngine,
  NOISE,
  OTHER_SPEAKER,
  recording,
  scriptedVoiceAnalyser,
  SILENCE,
  SPEAKER,
  UC,
  type World,
} from './world.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe.each(databases)('voices on $name', ({ open }) => {
  let world: World;
  let ann: string;

  beforeEach(async () => {
    world = createWorld(await open());
    ann = addUser(world, randomUUID());
  });

  const service = () => world.biometrics.handlers.voices;
  const enrol = (...recordings: Buffer[]) =>
    service().enrolVoice({ user: 'users/me', recordings }, world.as(ann));
  const verify = (probe: Buffer) =>
    service().verifyVoice({ user: 'users/me', recording: probe }, world.as(ann));
  const judge = (probe: Buffer) =>
    world.biometrics.judges.VOICE.judge(world.storage.db, { userId: ann, organisationId: UC }, probe);
  const trail = async () =>
    (await world.audit.list(world.storage.db, { organisationId: UC, after: 0, limit: 100 })).map(
      ({ action }) => action,
    );

  describe('enrolling', () => {
    it('three utterances, one a call, make a reference complete', async () => {
      expect((await enrol(recording('ann', 1))).reference).toMatchObject({
        templateCount: 1,
        complete: false,
      });
      expect((await enrol(recording('ann', 2))).reference).toMatchObject({
        templateCount: 2,
        complete: false,
      });
      const { reference, recordings } = await enrol(recording('ann', 3));
      expect(reference).toMatchObject({
        name: `users/${ann}/references/voice`,
        model: SPEAKER.id,
        templateCount: 3,
        complete: true,
      });
      expect(recordings).toMatchObject([{ accepted: true, reasons: [], acceptedUtterances: 1 }]);
    });

    it('one long recording is split, and is complete at once', async () => {
      const { reference, recordings } = await enrol(recording('ann', 1, 13));
      expect(reference).toMatchObject({ templateCount: 3, complete: true });
      expect(recordings).toMatchObject([{ accepted: true, acceptedUtterances: 3 }]);
    });

    it('another voice does not join, and is told so', async () => {
      const { reference, recordings } = await enrol(
        recording('ann', 1),
        recording('bob', 1),
        recording('ann', 2),
      );
      expect(recordings.map(({ accepted }) => accepted)).toEqual([true, false, true]);
      expect(recordings[1]!.reasons).toEqual([expect.stringMatching(/does not sound like the same person/)]);
      expect(reference).toMatchObject({ templateCount: 2 });
    });

    it('the same recording again is welcome and counts once', async () => {
      await enrol(recording('ann', 1));
      const { reference, recordings } = await enrol(recording('ann', 1));
      expect(recordings).toMatchObject([{ accepted: true, reasons: [expect.stringMatching(/already/)] }]);
      expect(reference).toMatchObject({ templateCount: 1 });
    });

    it.each([
      ['silence', SILENCE, /no speech/],
      ['too little speech', recording('ann', 1, 2.5), /too little speech/],
      ['several people', CONVERSATION, /Several people/],
      ['noise', NOISE, /too noisy/],
    ])('%s is not taken, with the reason and what to do', async (_what, bytes, reason) => {
      const { reference, recordings } = await enrol(bytes);
      expect(reference).toBeUndefined();
      expect(recordings).toHaveLength(1);
      expect(recordings[0]).toMatchObject({ accepted: false, acceptedUtterances: 0 });
      expect(recordings[0]!.reasons[0]).toMatch(reason);
      expect(recordings[0]!.reasons).toHaveLength(2);
    });

    it('needs consent, and nothing is analysed without it', async () => {
      world.consenting.delete(ann);
      await expect(enrol(Buffer.from('rubbish'))).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
    });

    it('later replaces only by a match, each an attempt', async () => {
      await enrol(recording('ann', 1, 13));
      world.clock.advance(HOUR);
      await expect(enrol(recording('bob', 1, 13))).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
      expect((await enrol(recording('ann', 9, 13))).reference).toMatchObject({ complete: true });
      expect(await trail()).toEqual(expect.arrayContaining(['reference.enrolled', 'reference.replaced']));
    });
  });

  describe('verifying', () => {
    it('without a reference, or with one that lacks utterances', async () => {
      await expect(verify(recording('ann', 1))).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
      await enrol(recording('ann', 1));
      await expect(verify(recording('ann', 2))).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
    });

    it('tells the same voice from another, and writes both into the trail', async () => {
      await enrol(recording('ann', 1, 13));
      const same = await verify(recording('ann', 7));
      expect(same.comparison).toMatchObject({
        outcome: Outcome.OUTCOME_MATCH,
        model: SPEAKER.id,
        reasons: [],
      });
      expect(same.comparison!.score).toBeGreaterThan(0.85);
      expect((await verify(recording('bob', 7))).comparison).toMatchObject({
        outcome: Outcome.OUTCOME_NO_MATCH,
      });
      expect((await trail()).filter((action) => action === 'voice.verified')).toHaveLength(2);
    });

    it.each([
      ['silence', SILENCE, /no speech/],
      ['several people', CONVERSATION, /Several people/],
      ['noise', NOISE, /too noisy/],
    ])('%s is inconclusive and costs no attempt', async (_what, bytes, reason) => {
      await enrol(recording('ann', 1, 13));
      for (let n = 0; n < 8; n++) {
        const { comparison } = await verify(bytes);
        expect(comparison).toMatchObject({ outcome: Outcome.OUTCOME_INCONCLUSIVE, score: 0 });
        expect(comparison!.reasons[0]).toMatch(reason);
      }
    });

    it('five failures in a row, and the sixth attempt has to wait', async () => {
      await enrol(recording('ann', 1, 13));
      for (let n = 0; n < 5; n++) await verify(recording('bob', n));
      await expect(verify(recording('ann', 7))).rejects.toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    });

    it('a template of another model is refused, never compared', async () => {
      await enrol(recording('ann', 1, 13));
      const other = world.rewire({
        engine: idleEngine(undefined, OTHER_SPEAKER.id),
        voiceAnalyser: scriptedVoiceAnalyser(OTHER_SPEAKER.id),
      });
      await expect(
        other.handlers.voices.verifyVoice(
          { user: 'users/me', recording: recording('ann', 7) },
          world.as(ann),
        ),
      ).rejects.toMatchObject({ reason: 'MODEL_MISMATCH' });
    });
  });

  describe('judging for those who watch', () => {
    it('answers with a log-likelihood ratio and books no attempt', async () => {
      await enrol(recording('ann', 1, 13));
      for (let n = 0; n < 8; n++) {
        const { outcome, logLikelihoodRatio } = await judge(recording('bob', n));
        expect(outcome).toBe('NO_MATCH');
        expect(logLikelihoodRatio).toBeLessThan(0);
      }
      const same = await judge(recording('ann', 7));
      expect(same).toMatchObject({ modality: 'VOICE', outcome: 'MATCH', modelId: SPEAKER.id, reasons: [] });
      expect(same.logLikelihoodRatio).toBeGreaterThan(0);
    });

    it('has no ratio where nothing was compared', async () => {
      await enrol(recording('ann', 1, 13));
      expect(await judge(SILENCE)).toMatchObject({
        outcome: 'INCONCLUSIVE',
        score: null,
        logLikelihoodRatio: null,
        reasons: [expect.stringMatching(/no speech/), expect.any(String)],
      });
    });

    it('needs consent and a complete reference', async () => {
      await expect(judge(recording('ann', 1))).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
      world.consenting.delete(ann);
      await expect(judge(recording('ann', 1))).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
    });
  });

  it('analyses without a subject, and says what it has no method for', async () => {
    const { finding } = await service().analyseVoice({ recording: recording('ann', 1, 1.5) }, world.as(ann));
    expect(finding).toMatchObject({
      durationSeconds: 2.5,
      speech: { assessment: Assessment.ASSESSMENT_UNACCEPTABLE, value: 1.5, minimum: 2 },
      signalToNoise: { assessment: Assessment.ASSESSMENT_ACCEPTABLE, value: 30 },
      singleSpeaker: { assessment: Assessment.ASSESSMENT_ACCEPTABLE },
      liveness: { outcome: LivenessOutcome.LIVENESS_OUTCOME_NOT_ASSESSED },
      reasons: [expect.stringMatching(/too little speech/), expect.any(String)],
    });
  });

  it('names every bad field', async () => {
    await expect(enrol()).rejects.toMatchObject({ reason: 'INVALID_FIELDS' });
    await expect(verify(Buffer.alloc(0))).rejects.toMatchObject({ reason: 'INVALID_FIELDS' });
  });
});
