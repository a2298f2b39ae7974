import { join } from 'node:path';
import { createEngine, type EngineOptions, type SpeakerEntry } from '../../../src/biometrics/index.js';
import type { Group } from '../corpus.js';
import { acquireSpeech } from './acquire.js';
import { measureConversations } from './conversations.js';
import { measureSpeech, type SpeechReport } from './measure.js';

export { renderSpeech } from './report.js';
export type { SpeechReport } from './measure.js';

/** Measures a speaker model on a folder per speaker, in an engine of its own. */
export async function speechReport(
  groups: Group[],
  speaker: SpeakerEntry,
  options: Omit<EngineOptions, 'queueLimit'>,
): Promise<SpeechReport> {
  const recordings = groups.flatMap(({ files }) => files).length;
  const engine = createEngine({
    ...options,
    voiceModel: speaker.id,
    // Everything of one speaker is asked at once.
    queueLimit: recordings * 4,
    workerEntry: join(__dirname, 'worker.ts'),
  });
  await engine.ready;
  try {
    const acquired = await acquireSpeech(groups, engine);
    return measureSpeech(acquired, speaker, await measureConversations(acquired.speakers, engine));
  } finally {
    await engine.drain();
  }
}
