import fc from 'fast-check';
import { parseTrace, type Trace, type TracePoint } from '../../../src/biometrics/handwriting/trace.js';
import { traceDistance } from '../../../src/biometrics/handwriting/trace-distance.js';
import { traceVector, trajectoryFrom } from '../../../src/biometrics/handwriting/trace-template.js';
import { isWriting, STEP_MS, trajectoryOf } from '../../../src/biometrics/handwriting/trajectory.js';
import { randomFrom } from '../../../scripts/accuracy/statistics.js';
import { trace, withoutPressure } from '../../support/handwriting.js';

const read = (writer: 1 | 2 | 3, number: number): Trace => parseTrace(trace(writer, number));
const changed = ({ strokes, hasPressure }: Trace, by: (point: TracePoint) => Partial<TracePoint>): Trace => ({
  hasPressure,
  strokes: strokes.map((points) => points.map((point) => ({ ...point, ...by(point) }))),
});
const reference = [1, 2, 3].map((number) => trajectoryOf(read(1, number)));
const distance = (probe: Trace): number => traceDistance(trajectoryOf(probe), reference).distance;

describe('a trajectory', () => {
  it('is evenly spaced, centred and of radius 1', () => {
    const { x, y } = trajectoryOf(read(1, 1));
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(x)).toBeCloseTo(0, 4);
    expect(mean(y)).toBeCloseTo(0, 4);
    expect(mean(x.map((value, i) => value ** 2 + y[i]! ** 2))).toBeCloseTo(1, 4);
  });

  it('passes through its points, lifts the pen between strokes and cuts a long pause', () => {
    const { x, pressure } = trajectoryOf({
      hasPressure: true,
      strokes: [
        [
          { t: 1000, x: 0, y: 0, pressure: 0.5 },
          { t: 1100, x: 10, y: 0, pressure: 0.7 },
        ],
        [
          { t: 9000, x: 10, y: 5, pressure: 0 },
          { t: 9100, x: 10, y: 5, pressure: 0.4 },
        ],
      ],
    });
    expect(x).toHaveLength((100 + 500 + 100) / STEP_MS + 1);
    expect([...pressure.slice(0, 11)].map((value) => Number(value.toFixed(2)))).toEqual([
      0.5, 0.52, 0.54, 0.56, 0.58, 0.6, 0.62, 0.64, 0.66, 0.68, 0.7,
    ]);
    expect(pressure.slice(11, 60).every((value) => value === 0)).toBe(true);
    // A pen that is down is down, however light.
    expect(pressure[60]).toBeGreaterThan(0);
    // At constant speed the steps are alike.
    expect(x[5]! - x[4]!).toBeCloseTo(x[1]! - x[0]!, 5);
  });

  it('is the same from a device that samples more often', () => {
    const often: Trace = {
      hasPressure: true,
      strokes: read(1, 1).strokes.map((points) =>
        points.flatMap((point, i) => {
          const next = points[i + 1];
          const middle = (key: 't' | 'x' | 'y' | 'pressure') => (point[key]! + next![key]!) / 2;
          return next
            ? [point, { t: middle('t'), x: middle('x'), y: middle('y'), pressure: middle('pressure') }]
            : [point];
        }),
      ),
    };
    expect(distance(often)).toBeCloseTo(distance(read(1, 1)), 5);
  });

  it('of a dot, a dash or a pen that rests is no writing', () => {
    const dash = (ms: number, length: number): Trace => ({
      hasPressure: false,
      strokes: [
        [
          { t: 0, x: 0, y: 0, pressure: null },
          { t: ms, x: length, y: 0, pressure: null },
        ],
      ],
    });
    expect(
      isWriting(trajectoryOf({ hasPressure: false, strokes: [[{ t: 5, x: 1, y: 1, pressure: null }]] })),
    ).toBe(false);
    expect(isWriting(trajectoryOf(dash(200, 10)))).toBe(false);
    expect(isWriting(trajectoryOf(dash(2000, 0)))).toBe(false);
    expect(isWriting(trajectoryOf(dash(2000, 10)))).toBe(true);
  });

  it('comes back from its template', () => {
    for (const each of reference) expect(trajectoryFrom(traceVector(each))).toEqual(each);
    expect(() => trajectoryFrom(Float32Array.of(2, 0, 0))).toThrow('not a trace template');
    expect(() => trajectoryFrom(Float32Array.of(1, 0, 5, 1))).toThrow('not a trace template');
  });
});

describe('the distance of a trace', () => {
  it('does not depend on where, how large and when it was written', () => {
    const shift = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    const probe = read(1, 7);
    const here = distance(probe);
    fc.assert(
      fc.property(
        shift,
        shift,
        fc.double({ min: 0.02, max: 50, noNaN: true }),
        fc.nat(1e9),
        (dx, dy, scale, later) => {
          const moved = changed(probe, ({ t, x, y }) => ({
            t: t + later,
            x: x * scale + dx,
            y: y * scale + dy,
          }));
          expect(Math.abs(distance(moved) - here)).toBeLessThan(0.02);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('grows with noise, on average', () => {
    const mean = (noise: number): number => {
      const random = randomFrom(5);
      const probes = [6, 7, 8, 9, 10, 11].map((number) =>
        changed(read(1, number), ({ x, y }) => ({
          x: x + noise * (random() - 0.5),
          y: y + noise * (random() - 0.5),
        })),
      );
      return probes.reduce((sum, probe) => sum + distance(probe), 0) / probes.length;
    };
    const means = [0, 100, 300, 900].map(mean);
    expect([...means].sort((a, b) => a - b)).toEqual(means);
  });

  it('orders the writer, who forges them, and somebody else', () => {
    const mean = (probes: Trace[]) => probes.reduce((sum, probe) => sum + distance(probe), 0) / probes.length;
    const numbers = [6, 7, 8, 9, 10];
    const own = mean(numbers.map((number) => read(1, number)));
    const forged = mean(numbers.map((number) => read(1, 20 + number)));
    const other = mean(numbers.map((number) => read(2, number)));
    expect(own).toBeLessThan(forged);
    expect(forged).toBeLessThan(other);
  });

  it('leaves pressure out where any trace has none', () => {
    const bare = trajectoryOf(parseTrace(withoutPressure(trace(1, 7))));
    const full = trajectoryOf(read(1, 7));
    expect(traceDistance(full, reference).withPressure).toBe(true);
    expect(traceDistance(bare, reference).withPressure).toBe(false);
    const mixed = [bare, ...reference.slice(1)];
    expect(traceDistance(full, mixed).withPressure).toBe(false);
  });

  it.each([1, 2, 5])('is defined for a reference of %i', (count) => {
    const held = Array.from({ length: count }, (_, i) => trajectoryOf(read(1, i + 1)));
    expect(traceDistance(trajectoryOf(read(1, 9)), held).distance).toBeLessThan(
      traceDistance(trajectoryOf(read(2, 9)), held).distance,
    );
  });
});
