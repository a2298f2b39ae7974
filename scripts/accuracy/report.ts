import type { AttackResult } from './attacks.js';
import type { RuleResult } from './evaluate.js';
import type { FusedResult } from './fused.js';
import type { SequenceResult } from './sequences.js';
import { boundWithoutErrors, RULE_OF_30, type Interval, type Rate } from './statistics.js';

export interface AcquisitionSummary {
  people: number;
  pictures: number;
  failureToAcquire: Rate;
  failed: { picture: string; failure: string }[];
  refusedForEnrolment: Rate;
  refusedForVerification: Rate;
  withBystanders: Rate;
}

export interface Report {
  /** ISO time. */
  measuredAt: string;
  data: string;
  model: string;
  fusion: string;
  acquisition: AcquisitionSummary | null;
  rules: RuleResult[];
  sequences: SequenceResult[];
  fused: FusedResult[];
  attacks: AttackResult | null;
}

/** The report as text for a terminal. */
export function render(report: Report): string {
  const lines = [`Model ${report.model}, fusion of templates: ${report.fusion}. Data: ${report.data}`];
  if (report.acquisition) lines.push('', ...renderAcquisition(report.acquisition));
  for (const rule of report.rules) lines.push('', ...renderRule(rule));
  if (report.rules.length > 0) lines.push('', ...NOTES);
  if (report.sequences.length > 0) lines.push('', ...renderSequences(report.sequences));
  if (report.fused.length > 0) lines.push('', ...renderFused(report.fused));
  if (report.attacks) lines.push('', ...renderAttacks(report.attacks));
  return `${lines.join('\n')}\n`;
}

const NOTES = [
  '[a, b]  95 %, as if comparisons were independent (Wilson)     {a, b}  95 % under resampling of subjects',
  `†       fewer than ${RULE_OF_30} errors: the rate is not resolvable to within 30 % (rule of 30)`,
  'not resolvable: too few comparisons for the 30 errors a target needs; or no error, with the bound of the rule of 3',
];

function renderAcquisition(summary: AcquisitionSummary): string[] {
  return [
    `${summary.people} people, ${summary.pictures} pictures`,
    ...table([
      ['failure to acquire', count(summary.failureToAcquire)],
      ['refused for enrolment (quality)', count(summary.refusedForEnrolment)],
      ['refused for verification (quality)', count(summary.refusedForVerification)],
      ['further people in the picture', count(summary.withBystanders)],
    ]),
    ...summary.failed.map(({ picture, failure }) => `  ${failure}: ${picture}`),
  ];
}

export function renderRule(rule: RuleResult): string[] {
  const calibration = rule.calibration
    ? `; llr = ${rule.calibration.slope.toFixed(2)} s ${rule.calibration.intercept < 0 ? '-' : '+'} ${Math.abs(rule.calibration.intercept).toFixed(2)} nats`
    : '';
  return [
    `${rule.name}: ${rule.genuine} genuine, ${rule.impostor} impostor comparisons; EER ${rule.eer === null ? 'n/a' : percent(rule.eer)}${calibration}`,
    ...table([
      ['', 'threshold', 'FMR', 'FNMR', 'TAR'],
      ...rule.operating.map(({ label, at }) =>
        at
          ? [
              label,
              at.threshold.toFixed(4),
              rate(at.fmr, at.subjects.fmr),
              rate(at.fnmr, at.subjects.fnmr),
              at.fnmr.estimate === null ? 'n/a' : (1 - at.fnmr.estimate).toFixed(4),
            ]
          : [label, 'not resolvable', '', '', ''],
      ),
    ]),
  ];
}

function renderSequences(results: SequenceResult[]): string[] {
  return [
    'Different person: hour-long sittings through the rule of monitoring',
    ...table([
      [
        '',
        'cadence',
        'false alerts per student-hour',
        'sittings with one',
        'people with one',
        'impostors found in the hour',
        'frames to detect: mean',
        'median',
        '95 %',
      ],
      ...results.map(({ templates, frames, cadenceMs, honest, impostor }) => [
        `${templates} template${templates > 1 ? 's' : ''}, ${frames} picture`,
        `${cadenceMs / 1000} s`,
        alertRate(honest.alerts, honest.studentHours),
        `${honest.sittingsWithAlert} of ${honest.sittings}`,
        `${honest.peopleWithAlert} of ${honest.people}`,
        `${impostor.detected} of ${impostor.sittings}`,
        impostor.meanFrames?.toFixed(1) ?? 'n/a',
        impostor.medianFrames?.toString() ?? 'n/a',
        impostor.p95Frames?.toString() ?? 'n/a',
      ]),
    ]),
  ];
}

function renderFused(results: FusedResult[]): string[] {
  return [
    'Face and voice: hour-long sittings, a frame in 10 s and a recording in 30 s; voices are drawn from calibrated scores',
    ...table([
      [
        'watched',
        'observations',
        'false alerts per student-hour',
        'somebody else',
        'found',
        's: mean',
        '95 %',
      ],
      ...results.flatMap(({ watched, observations, honest, attacks }) =>
        attacks.map(({ attack, sittings, detected, meanSeconds, p95Seconds }) => [
          watched,
          observations,
          alertRate(honest.alerts, honest.studentHours),
          attack,
          `${detected} of ${sittings}`,
          meanSeconds?.toFixed(0) ?? 'n/a',
          p95Seconds?.toFixed(0) ?? 'n/a',
        ]),
      ),
    ]),
  ];
}

/** Without an alert, the rate that the hours leave possible at 95 % confidence (rule of 3 for a Poisson count). */
function alertRate(alerts: number, hours: number): string {
  if (hours === 0) return 'n/a';
  if (alerts === 0) return `not resolvable (< ${(3 / hours).toPrecision(2)})`;
  return `${(alerts / hours).toPrecision(2)}${alerts < RULE_OF_30 ? ' †' : ''}`;
}

function renderAttacks(result: AttackResult): string[] {
  return [
    'Presentation attacks (ISO/IEC 30107-3); non-response is not counted as an error',
    ...table([
      ['', 'presentations', 'error rate', 'non-response'],
      ['bona fide (BPCER)', String(result.bonaFide), rate(result.bpcer), count(result.bonaFideNonResponse)],
      ...result.species.map(({ species, presentations, apcer, nonResponse }) => [
        `${species} (APCER)`,
        String(presentations),
        rate(apcer),
        count(nonResponse),
      ]),
    ]),
    `worst species: ${result.worst ? `${result.worst.species}, APCER ${rate(result.worst.apcer)}` : 'none assessed'}`,
  ];
}

export function count({ errors, trials, estimate }: Rate): string {
  return estimate === null ? 'n/a' : `${errors} of ${trials} (${percent(estimate)})`;
}

function rate({ errors, trials, estimate, interval, resolvable }: Rate, subjects?: Interval): string {
  if (estimate === null) return 'n/a';
  if (errors === 0) return `not resolvable (< ${percent(boundWithoutErrors(trials))})`;
  const bySubjects = subjects ? ` {${percent(subjects.low)}, ${percent(subjects.high)}}` : '';
  return `${percent(estimate)} [${percent(interval.low)}, ${percent(interval.high)}]${bySubjects}${resolvable ? '' : ' †'}`;
}

export function percent(value: number): string {
  return `${value === 0 ? '0' : (value * 100).toPrecision(3)} %`;
}

/** Columns padded to their widest cell. */
export function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
