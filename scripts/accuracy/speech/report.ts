import { count, percent, renderRule, table } from '../report.js';
import type { SpeechReport } from './measure.js';

/** The report on speech as text for a terminal. */
export function renderSpeech(report: SpeechReport): string[] {
  const { conversations } = report;
  return [
    `Speech, ${report.model}: ${report.speakers} speakers, ${report.recordings} recordings`,
    ...table([
      ['failure to acquire', count(report.failureToAcquire)],
      ['refused for enrolment (quality)', count(report.refusedForEnrolment)],
      ['refused for verification (quality)', count(report.refusedForVerification)],
    ]),
    ...report.failed.map(({ file, failure }) => `  ${failure}: ${file}`),
    '',
    'Equal error rate over every choice of enrolled utterances, {95 % under resampling of speakers}',
    ...table([
      ['', 'EER', '', 'genuine', 'impostor'],
      ...report.rules.map(({ name, eer, speakers, genuine, impostor }) => [
        name,
        eer === null ? 'n/a' : percent(eer),
        `{${percent(speakers.low)}, ${percent(speakers.high)}}`,
        String(genuine),
        String(impostor),
      ]),
    ]),
    ...report.rules.flatMap((rule) => ['', ...renderRule(rule)]),
    '',
    'Somebody else, by the voice alone: hours of a recording in 30 s through the rule of monitoring',
    ...table([
      ['', 'false alerts', 'speakers with one', 'impostors found', 'pairs never found', 's: mean', '95 %'],
      ...report.sittings.map(({ observations, honest, impostor }) => [
        `${observations} recording`,
        `${honest.alerts} in ${honest.studentHours} h`,
        String(honest.speakersWithAlert),
        `${impostor.detected} of ${impostor.sittings}`,
        `${impostor.pairsNeverDetected} of ${impostor.pairs}`,
        impostor.meanSeconds?.toFixed(0) ?? 'n/a',
        impostor.p95Seconds?.toFixed(0) ?? 'n/a',
      ]),
    ]),
    '',
    'Several people in one recording',
    ...table([
      ['one voice taken for several', count(conversations.falseAlarms)],
      ['least similarity of one voice', conversations.leastOfOne.toFixed(3)],
      ...conversations.mixtures.map(({ name, detected }) => [`noticed: ${name}`, count(detected)]),
    ]),
  ];
}
