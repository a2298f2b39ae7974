import { ConverterType, create } from '@alexanderolsen/libsamplerate-js';
import { StatusError } from '../../call/index.js';
import type { AudioFormat, RecordingFacts, RecordingLimits } from './finding.js';

/** Imported inside workers only. */

/** Hz of everything behind the decoder. */
export const SAMPLE_RATE = 16_000;

const FORMATS: readonly string[] = [
  'wav',
  'flac',
  'opus',
  'oga',
  'webm',
  'm4a',
  'mp3',
] satisfies AudioFormat[];
/** No microphone has fewer or more hertz; a header may claim anything. */
const SAMPLE_RATES = { least: 4_000, most: 192_000 };
const MOST_CHANNELS = 8;
/**
 * Bytes that are decoded before the length so far is looked at: little enough that the densest of the formats, FLAC of
 * silence, makes no more than some 100 MB of them.
 */
const CHUNK_BYTES = 2_048;

/** A decoded recording: mono, 16 kHz, -1..1. */
export interface Recording extends Omit<RecordingFacts, 'sha256'> {
  samples: Float32Array;
}

/** Decodes recordings, with what is worth keeping between them. */
export async function recordingDecoder(): Promise<
  (bytes: Uint8Array, limits: RecordingLimits) => Promise<Recording>
> {
  // Both are ES modules only, which a CommonJS program reaches by import() alone.
  const { default: decode } = await import('audio-decode');
  const { default: audioType } = await import('audio-type');
  const resampler = await create(1, SAMPLE_RATE, SAMPLE_RATE, {
    converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY,
  });

  function resample(samples: Float32Array, from: number): Float32Array {
    if (from === SAMPLE_RATE) return samples;
    // Begins anew: nothing of the recording before is left in the filter.
    resampler.inputSampleRate = from;
    const blocks: Float32Array[] = [];
    // A second at a time: what is longer the library cuts itself, at rates that tens divide only.
    for (let at = 0; at < samples.length; at += from) {
      blocks.push(resampler.full(samples.slice(at, at + from)));
    }
    return joined(blocks);
  }

  /** Mono blocks, one after the other, until the recording ends or is too long. */
  async function blocksOf(
    format: AudioFormat,
    bytes: Uint8Array,
    limits: RecordingLimits,
  ): Promise<{ blocks: Float32Array[]; sampleRate: number; channels: number }> {
    const decoder = await decode[format]();
    const blocks: Float32Array[] = [];
    let samples = 0;
    let sampleRate = 0;
    let channels = 0;
    const take = (block: { channelData: Float32Array[]; sampleRate: number }): void => {
      if (block.channelData.length === 0) return;
      sampleRate ||= block.sampleRate;
      channels ||= block.channelData.length;
      if (block.sampleRate !== sampleRate || !isPlausible(sampleRate, block.channelData.length)) {
        throw new Error(`${block.channelData.length} channels of ${block.sampleRate} Hz`);
      }
      const mono = mixed(block.channelData);
      samples += mono.length;
      if (samples > limits.maxSeconds * sampleRate) {
        throw tooLarge(`The recording is longer than ${limits.maxSeconds} seconds.`);
      }
      blocks.push(mono);
    };
    try {
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
        take(await decoder(bytes.subarray(at, at + CHUNK_BYTES)));
      }
      take(await decoder());
    } finally {
      decoder.free();
    }
    return { blocks, sampleRate, channels };
  }

  /**
   * @throws StatusError AUDIO_TOO_LARGE: by its bytes before anything is decoded, by its length as soon as it is
   *   known; AUDIO_UNREADABLE for everything that is not a recording in one of the formats
   */
  return async (bytes, limits) => {
    if (bytes.byteLength > limits.maxBytes) {
      throw tooLarge(`The recording has more than ${limits.maxBytes} bytes.`);
    }
    const format = bytes.byteLength > 0 ? audioType(bytes) : undefined;
    if (!isFormat(format)) return unreadable();
    const { blocks, sampleRate, channels } = await blocksOf(format, bytes, limits).catch(
      (thrown: unknown) => {
        if (thrown instanceof StatusError) throw thrown;
        return unreadable(thrown);
      },
    );
    const mono = joined(blocks);
    if (mono.length === 0) return unreadable();
    return {
      format,
      sampleRate,
      channels,
      seconds: mono.length / sampleRate,
      samples: finite(resample(mono, sampleRate)),
    };
  };
}

function isFormat(name: string | undefined): name is AudioFormat {
  return name !== undefined && FORMATS.includes(name);
}

function isPlausible(sampleRate: number, channels: number): boolean {
  return sampleRate >= SAMPLE_RATES.least && sampleRate <= SAMPLE_RATES.most && channels <= MOST_CHANNELS;
}

/** The mean of the channels. */
function mixed(channels: Float32Array[]): Float32Array {
  const [first, ...others] = channels;
  if (!first || others.length === 0) return first ?? new Float32Array();
  return first.map(
    (value, i) => others.reduce((sum, channel) => sum + (channel[i] ?? 0), value) / channels.length,
  );
}

function joined(blocks: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}

/** Samples of floating-point formats may be anything; a model takes numbers of a size. */
function finite(samples: Float32Array): Float32Array {
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] ?? 0;
    samples[i] = Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0;
  }
  return samples;
}

function tooLarge(message: string): StatusError {
  return new StatusError('AUDIO_TOO_LARGE', message);
}

function unreadable(cause?: unknown): never {
  throw new StatusError(
    'AUDIO_UNREADABLE',
    'The recording is not WAV, FLAC, Ogg, WebM, M4A or MP3, or is not whole.',
    {},
    { cause },
  );
}
