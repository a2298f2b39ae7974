import { interleave } from '../../scripts/bench/interleave.js';

it('measures in turn, and throws the warm-up away', async () => {
  const order: string[] = [];
  const variant = (name: string) => ({
    name,
    measure: (round: number) => {
      order.push(`${name}${round}`);
      return Promise.resolve(round);
    },
  });
  const rounds: number[] = [];
  const samples = await interleave([variant('A'), variant('B')], { rounds: 3, warmUp: 2 }, (done) =>
    rounds.push(done),
  );
  expect(order).toEqual(['A0', 'B0', 'A1', 'B1', 'A2', 'B2', 'A3', 'B3', 'A4', 'B4']);
  expect(Object.fromEntries(samples)).toEqual({ A: [2, 3, 4], B: [2, 3, 4] });
  expect(rounds).toEqual([1, 2, 3, 4, 5]);
});
