import { StatusError } from '../../../src/call/index.js';
import { entriesOf, loadManifest, type Engine } from '../../../src/biometrics/engine/index.js';
import { cosine } from '../../../src/biometrics/vectors.js';
import {
  applyVoiceGate,
  compareVoice,
  createVoiceAnalyser,
  type VoiceAnalyser,
  type VoiceAnalysis,
} from '../../../src/biometrics/voice/index.js';
import { describeWithModels, MODELS_DIR, testEngine } from '../../support/faces.js';
import { LONG, noise, OTHER_READER, SAME_READER, samplesOfMuLaw, speech, wav } from '../../support/speech.js';

const [SPEAKER, SMALL] = entriesOf(loadManifest(MODELS_DIR), 'voice.embed');

describeWithModels('voice analysis', () => {
  let engine: Engine;
  let analyser: VoiceAnalyser;
  beforeAll(async () => {
    engine = testEngine();
    await engine.ready;
    analyser = createVoiceAnalyser(engine);
  });
  afterAll(() => engine.drain());

  const templateOf = ({ utterances }: VoiceAnalysis) => utterances[0]!.template;
  const reasonsOf = (analysis: VoiceAnalysis) => {
    const gate = applyVoiceGate(analysis, 'VERIFICATION');
    return gate.passed ? [] : gate.reasons;
  };

  it('tells what is in a recording', async () => {
    const analysis = await analyser.analyse(LONG, 1);
    expect(analysis.recording).toMatchObject({ format: 'opus', sampleRate: 48_000, channels: 1 });
    expect(analysis.recording.seconds).toBeCloseTo(15.56, 1);
    expect(analysis.recording.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(analysis.speechSeconds).toBeGreaterThan(13);
    expect(analysis.speechSeconds).toBeLessThan(15.56);
    expect(analysis.noise).toMatchObject({ outcome: 'ASSESSED' });
    expect(analysis.speakers).toMatchObject({ outcome: 'ONE_SPEAKER', modelId: SPEAKER!.id });
    expect(analysis.utterances).toHaveLength(1);
    expect(Math.hypot(...templateOf(analysis).vector)).toBeCloseTo(1, 5);
    expect(Object.keys(analysis.timings.stages)).toEqual([
      'hash',
      'decode',
      'speech',
      'noise',
      'embed',
      'speakers',
    ]);
    expect(reasonsOf(analysis)).toEqual([]);
  });

  it('splits a long recording into utterances of one length', async () => {
    const { utterances, speechSeconds } = await analyser.analyse(LONG, 3);
    expect(utterances).toHaveLength(3);
    for (const { seconds } of utterances) expect(seconds).toBeCloseTo(speechSeconds / 3, 2);
    const [a, b] = utterances;
    const similarity = cosine(a!.template.vector, b!.template.vector);
    expect(similarity).toBeGreaterThan(0.8);
    expect(similarity).toBeLessThan(0.99);
  });

  it('tells the same reader from another, by the reference of three utterances', async () => {
    const reference = (await analyser.analyse(LONG, 3)).utterances.map(({ template }) => template);
    const same = compareVoice(await analyser.analyse(SAME_READER, 1), reference, SPEAKER!);
    const other = compareVoice(await analyser.analyse(OTHER_READER, 1), reference, SPEAKER!);
    // Of all pairs of the five measured, these two readers are among the most alike: there is a match, and there is none.
    expect(same.outcome).toBe('MATCH');
    expect(other.outcome).not.toBe('MATCH');
    expect(same.score! - other.score!).toBeGreaterThan(0.1);
    expect(same.logLikelihoodRatio! - other.logLikelihoodRatio!).toBeGreaterThan(7);
  });

  it.each([
    ['533-0009.opus', 'opus', 48_000],
    ['533-0009.oga', 'oga', 16_000],
    ['533-0009.webm', 'webm', 48_000],
    ['533-0009.mp3', 'mp3', 44_100],
    ['533-0009.m4a', 'm4a', 44_100],
    ['533-0009.wav', 'wav', 8_000],
  ])('%s says the same as the FLAC that it was made of', async (file, format, sampleRate) => {
    const original = await analyser.analyse(OTHER_READER, 1);
    const analysis = await analyser.analyse(speech(file), 1);
    expect(analysis.recording).toMatchObject({ format, sampleRate, channels: 1 });
    expect(Math.abs(analysis.recording.seconds - original.recording.seconds)).toBeLessThan(0.1);
    expect(Math.abs(analysis.speechSeconds - original.speechSeconds)).toBeLessThan(0.25);
    const similarity = cosine(templateOf(analysis).vector, templateOf(original).vector);
    // What is above 4 kHz is gone in a telephone's 8 kHz.
    expect(similarity).toBeGreaterThan(sampleRate === 8_000 ? 0.7 : 0.95);
  });

  it('says the same of the same recording, whatever came before it', async () => {
    const mp3 = speech('533-0009.mp3');
    const before = await analyser.analyse(mp3, 1);
    await analyser.analyse(wav(noise(44_100 * 2, 0.5), 44_100), 1);
    expect(templateOf(await analyser.analyse(mp3, 1)).vector).toEqual(templateOf(before).vector);
  });

  it('takes rates that no ten divides', async () => {
    const { recording } = await analyser.analyse(wav(noise(11_025 * 110, 0.1), 11_025), 1);
    expect(recording).toMatchObject({ sampleRate: 11_025, seconds: 110 });
  });

  it('several people, one after the other', async () => {
    // Both at 8 kHz, so that nothing but the voice changes.
    const other = samplesOfMuLaw(speech('533-0009.wav'));
    const twice = await analyser.analyse(wav(Float32Array.from([...other, ...other, ...other]), 8_000), 1);
    expect(twice.speakers).toMatchObject({ outcome: 'ONE_SPEAKER' });
    const both = await analyser.analyse(speech('two-readers.opus'), 1);
    expect(both.speakers).toMatchObject({ outcome: 'SEVERAL_SPEAKERS' });
    expect(reasonsOf(both)).toEqual(['SEVERAL_SPEAKERS']);
  });

  it('noise over the same speech lowers what is measured, and is refused from some point on', async () => {
    const clean = samplesOfMuLaw(speech('533-0009.wav'));
    const levels: number[] = [];
    const refused: string[][] = [];
    for (const level of [0, 0.003, 0.03]) {
      const added = noise(clean.length, level);
      const analysis = await analyser.analyse(
        wav(
          clean.map((value, i) => value + added[i]!),
          8_000,
        ),
        1,
      );
      if (analysis.noise.outcome === 'ASSESSED') levels.push(analysis.noise.snrDb);
      refused.push(reasonsOf(analysis));
    }
    expect(levels).toHaveLength(3);
    expect(levels[0]! - levels[1]!).toBeGreaterThan(0.5);
    expect(levels[1]! - levels[2]!).toBeGreaterThan(5);
    expect(refused).toEqual([[], [], ['TOO_NOISY']]);
  });

  it.each([
    ['silence', new Float32Array(16_000 * 3), ['NO_SPEECH']],
    ['noise alone', noise(16_000 * 3, 0.1), ['NO_SPEECH']],
    [
      'a tone',
      Float32Array.from({ length: 48_000 }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / 16_000)),
      ['NO_SPEECH'],
    ],
  ])('%s is an answer, not an error', async (_what, samples, reasons) => {
    const analysis = await analyser.analyse(wav(samples), 1);
    expect(reasonsOf(analysis)).toEqual(reasons);
    expect(analysis.utterances).toEqual([]);
    expect(analysis.speakers).toEqual({ outcome: 'NOT_ASSESSED', reason: 'TOO_LITTLE_SPEECH' });
  });

  it('a word or two are too little', async () => {
    const samples = samplesOfMuLaw(speech('533-0009.wav')).slice(8_000, 8_000 * 2.5);
    const analysis = await analyser.analyse(wav(samples, 8_000), 1);
    expect(reasonsOf(analysis)).toEqual(['TOO_LITTLE_SPEECH']);
  });

  describe('what is no recording', () => {
    const reasonOf = (bytes: Uint8Array): Promise<string> =>
      analyser.analyse(bytes, 1).then(
        () => 'OK',
        (error: unknown) => (error instanceof StatusError ? error.reason : 'no StatusError'),
      );

    it.each([
      ['nothing', Buffer.alloc(0)],
      ['text', Buffer.from('no recording')],
      ['a picture', Buffer.from('89504e470d0a1a0a', 'hex')],
      ['a container that is not taken (AIFF)', Buffer.from('FORM\0\0\0\x1aAIFFCOMM', 'latin1')],
      ['a WAV without audio', wav(new Float32Array())],
      ['a WAV of a channel count that no microphone has', widened(wav(noise(1_000, 0.1)))],
      ['a WAV of 3 Hz', wav(noise(1_000, 0.1), 3)],
      ['the first bytes of a FLAC', OTHER_READER.subarray(0, 60)],
      ['the first bytes of an M4A', speech('533-0009.m4a').subarray(0, 60)],
      ['the first bytes of a WebM', speech('533-0009.webm').subarray(0, 60)],
      ['an Ogg whose rest is rubbish', rubbishFrom(speech('533-0009.opus'), 40)],
    ])('%s: AUDIO_UNREADABLE', async (_what, bytes) => {
      expect(await reasonOf(bytes)).toBe('AUDIO_UNREADABLE');
    });

    it('a recording that is cut off says what it holds, or is unreadable; the worker lives', async () => {
      for (const file of [
        '533-0009.opus',
        '533-0009.webm',
        '533-0009.mp3',
        '533-0009.m4a',
        '533-0009.flac',
      ]) {
        const whole = speech(file);
        expect(['OK', 'AUDIO_UNREADABLE']).toContain(await reasonOf(whole.subarray(0, whole.length / 2)));
      }
      expect(await reasonOf(OTHER_READER)).toBe('OK');
    });

    it('more bytes than are taken: AUDIO_TOO_LARGE before anything is decoded', async () => {
      expect(await reasonOf(Buffer.alloc(16 * 2 ** 20 + 1))).toBe('AUDIO_TOO_LARGE');
    });

    it('a header that claims ten hours is believed no more than the bytes that follow', async () => {
      const tenHours = 10 * 3_600 * 16_000 * 2;
      expect(await reasonOf(wav(new Float32Array(16_000), 16_000, tenHours))).toBe('OK');
    });

    it('a few bytes that decode to more than two minutes: AUDIO_TOO_LARGE', async () => {
      expect(await reasonOf(speech('silence.flac'))).toBe('AUDIO_TOO_LARGE');
      expect(await reasonOf(wav(new Float32Array(8_000 * 121), 8_000))).toBe('AUDIO_TOO_LARGE');
    });
  });

  it('the small model is a manifest entry away', async () => {
    const other = testEngine({ voiceModel: SMALL!.id });
    await other.ready;
    const small = createVoiceAnalyser(other);
    const reference = (await small.analyse(LONG, 3)).utterances.map(({ template }) => template);
    const same = compareVoice(await small.analyse(SAME_READER, 1), reference, SMALL!);
    const different = compareVoice(await small.analyse(OTHER_READER, 1), reference, SMALL!);
    expect(same.score).toBeGreaterThan(different.score!);
    expect(different.outcome).toBe('NO_MATCH');
    await other.drain();
  });
});

/** A WAV whose header says that it has 40 channels. */
function widened(file: Buffer): Buffer {
  file.writeUInt16LE(40, 22);
  file.writeUInt16LE(80, 32);
  return file;
}

function rubbishFrom(file: Buffer, start: number): Buffer {
  return Buffer.concat([file.subarray(0, start), Buffer.alloc(500, 0x5a)]);
}
