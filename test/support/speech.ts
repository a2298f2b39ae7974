import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Recordings of two readers: `reader-utterance`, by file name. See test/fixtures/speech/README.md. */
export function speech(file: string): Buffer {
  return readFileSync(join(__dirname, '../fixtures/speech', file));
}

/** Long enough to be split into three utterances. */
export const LONG = speech('367-0005.opus');
export const SAME_READER = speech('367-0008.flac');
export const OTHER_READER = speech('533-0009.flac');

/** A WAV file of 16-bit mono samples in -1..1. `claimed` bytes of audio in its header; as many as there are by default. */
export function wav(samples: Float32Array, sampleRate = 16_000, claimed = samples.length * 2): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(Math.min(36 + claimed, 0xffffffff), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(claimed, 40);
  const data = Buffer.alloc(samples.length * 2);
  samples.forEach((value, i) => data.writeInt16LE(Math.round(value * 32_767), i * 2));
  return Buffer.concat([header, data]);
}

/** Samples of a WAV of G.711 µ-law, as `533-0009.wav` is. */
export function samplesOfMuLaw(file: Buffer): Float32Array {
  const start = file.indexOf('data', 0, 'latin1') + 8;
  return Float32Array.from(file.subarray(start), (byte) => {
    const code = ~byte & 0xff;
    const magnitude = (((code & 0x0f) << 3) + 132) << ((code >> 4) & 7);
    return ((code & 0x80) !== 0 ? 132 - magnitude : magnitude - 132) / 32_768;
  });
}

/** White noise between -`level` and `level`, always the same. */
export function noise(samples: number, level: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return level * (state / 2 ** 31 - 1);
  });
}
