import fc from 'fast-check';
import { byProminence, counting, presenceOf } from '../../../src/biometrics/face/prominence.js';

const face = (x: number, y: number, size: number, score = 1) => ({
  box: { x: x - size / 2, y: y - size / 2, width: size, height: size },
  score,
});

describe('the most prominent face', () => {
  it('is the largest of those in the middle', () => {
    const [small, large] = [face(320, 240, 100), face(330, 250, 200)];
    expect(byProminence([small, large], 640, 480)).toEqual([large, small]);
  });

  it('is the central one of equals, and of a slightly larger one at the edge', () => {
    const [middle, edge] = [face(320, 240, 150), face(600, 60, 180)];
    expect(byProminence([edge, middle], 640, 480)).toEqual([middle, edge]);
  });

  it('is at the edge when it is more than twice as large', () => {
    const [middle, edge] = [face(320, 240, 60), face(560, 240, 160)];
    expect(byProminence([middle, edge], 640, 480)[0]).toBe(edge);
  });
});

describe('the several-faces rule', () => {
  const student = face(320, 240, 180, 0.99);
  const presence = (...others: ReturnType<typeof face>[]) => presenceOf(counting([student, ...others]));

  it('counts somebody who leans over the shoulder', () => {
    expect(presence(face(520, 180, 120, 0.98))).toBe('SEVERAL_FACES');
  });

  it('counts from a third of the size of the student', () => {
    expect(presence(face(520, 180, 60.1, 0.98))).toBe('SEVERAL_FACES');
    expect(presence(face(520, 180, 59.9, 0.98))).toBe('ONE_FACE');
  });

  it('does not count what the detector is unsure of', () => {
    expect(presence(face(520, 180, 120, 0.8))).toBe('SEVERAL_FACES');
    expect(presence(face(520, 180, 120, 0.79))).toBe('ONE_FACE');
  });

  it('does not count a crowd in the far background', () => {
    expect(presence(...[50, 150, 450, 550, 600].map((x) => face(x, 80, 30, 0.99)))).toBe('ONE_FACE');
  });

  it('is judged by area: a helper in profile is as large as he is high', () => {
    const profile = { box: { x: 500, y: 100, width: 40, height: 120 }, score: 0.9 };
    expect(presence(profile)).toBe('SEVERAL_FACES');
  });

  it('always counts the first, however small or unsure', () => {
    expect(presenceOf(counting([face(10, 10, 12, 0.5)]))).toBe('ONE_FACE');
    expect(presenceOf(counting([]))).toBe('NO_FACE');
  });

  it('does not depend on the size of the picture', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.integer({ min: 10, max: 170 }),
        (k, size) => {
          fc.pre(Math.abs(size - 60) > 1e-3);
          const at = (scale: number) =>
            presenceOf(
              counting([
                face(320 * scale, 240 * scale, 180 * scale),
                face(520 * scale, 180 * scale, size * scale),
              ]),
            );
          expect(at(k)).toBe(at(1));
        },
      ),
    );
  });
});
