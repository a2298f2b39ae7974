import { attackRates, judge, type Verdict } from '../../scripts/accuracy/attacks.js';
import { CorpusError } from '../../scripts/accuracy/corpus.js';

const verdicts = (live: number, spoof: number, none: number): Verdict[] => [
  ...new Array<Verdict>(live).fill('LIVE'),
  ...new Array<Verdict>(spoof).fill('SPOOF_SUSPECTED'),
  ...new Array<Verdict>(none).fill('NOT_ASSESSED'),
];

describe('presentation attack rates (ISO/IEC 30107-3)', () => {
  const result = attackRates(
    new Map([
      ['bonafide', verdicts(90, 10, 20)],
      ['print', verdicts(1, 19, 0)],
      ['replay', verdicts(5, 15, 5)],
      ['mask', verdicts(0, 0, 4)],
    ]),
  );

  test('errors are counted among the assessed, non-response among all', () => {
    expect(result.bpcer).toMatchObject({ errors: 10, trials: 100, estimate: 0.1 });
    expect(result.bonaFideNonResponse).toMatchObject({ errors: 20, trials: 120 });
    expect(result.species.map(({ species, apcer }) => [species, apcer.estimate])).toEqual([
      ['print', 0.05],
      ['replay', 0.25],
      ['mask', null],
    ]);
  });

  test('the worst species counts, and one that was never assessed is not the worst', () => {
    expect(result.worst?.species).toBe('replay');
    expect(
      attackRates(
        new Map([
          ['bonafide', verdicts(1, 0, 0)],
          ['mask', verdicts(0, 0, 4)],
        ]),
      ).worst,
    ).toBeNull();
  });

  test('a folder without bona fide presentations is refused', async () => {
    const analyser = { analyse: () => Promise.reject(new Error('not reached')) };
    await expect(judge([{ name: 'print', files: [] }], analyser)).rejects.toThrow(CorpusError);
  });
});
