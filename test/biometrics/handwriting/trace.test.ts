import fc from 'fast-check';
import { StatusError } from '../../../src/call/index.js';
import { parseTrace } from '../../../src/biometrics/handwriting/trace.js';
import { trace } from '../../support/handwriting.js';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const points = [
  [0, 1, 2],
  [10, 3, 4],
];
const refusal = (bytes: Uint8Array): StatusError => {
  try {
    parseTrace(bytes);
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error('It was taken.');
};

describe('a trace', () => {
  it('is read with and without pressure', () => {
    expect(parseTrace(json({ version: 1, strokes: [points] }))).toEqual({
      hasPressure: false,
      strokes: [
        [
          { t: 0, x: 1, y: 2, pressure: null },
          { t: 10, x: 3, y: 4, pressure: null },
        ],
      ],
    });
    expect(parseTrace(json({ version: 1, strokes: [[[0, 1, 2, 0.5]]] }))).toEqual({
      hasPressure: true,
      strokes: [[{ t: 0, x: 1, y: 2, pressure: 0.5 }]],
    });
  });

  it.each([
    ['no JSON', Buffer.from('{"version":1'), /not JSON/],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), /not JSON in UTF-8/],
    ['another version', json({ version: 2, strokes: [points] }), /version/],
    ['an unknown member', json({ version: 1, strokes: [points], unit: 'mm' }), /unit/],
    ['no stroke', json({ version: 1, strokes: [] }), /strokes/],
    ['an empty stroke', json({ version: 1, strokes: [[]] }), /at least one point/],
    ['a number that is none', json({ version: 1, strokes: [[[0, null, 1]]] }), /strokes\.0\.0/],
    ['pressure beyond 1', json({ version: 1, strokes: [[[0, 1, 1, 1023]]] }), /strokes\.0\.0/],
    [
      'some pressures',
      json({
        version: 1,
        strokes: [
          [
            [0, 1, 1],
            [1, 1, 1, 0.5],
          ],
        ],
      }),
      /every point/,
    ],
    ['time that runs back', json({ version: 1, strokes: [points, points] }), /order of time/],
    [
      'half a minute and more',
      json({
        version: 1,
        strokes: [
          [
            [0, 1, 1],
            [30_001, 1, 1],
          ],
        ],
      }),
      /30 s/,
    ],
    [
      'too many points',
      json({ version: 1, strokes: [Array.from({ length: 6_001 }, (_, t) => [t, 1, 1])] }),
      /6000 points/,
    ],
    ['too many bytes', Buffer.alloc(262_145, ' '), /262144 bytes/],
  ])('is refused for %s, in words', (_, bytes, why) => {
    expect(refusal(bytes)).toMatchObject({
      reason: 'TRACE_UNREADABLE',
      message: expect.stringMatching(why) as string,
    });
  });

  it('is read or refused as what it is, whatever comes', () => {
    const rubbish = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record({ version: fc.constantFrom(1, '1', null), strokes: fc.anything({ maxDepth: 4 }) })
        .map((value) => Buffer.from(JSON.stringify(value))),
      // One byte of a good one changed.
      fc.tuple(fc.nat(trace(1, 1).length - 1), fc.nat(255)).map(([at, value]) => {
        const bytes = Buffer.from(trace(1, 1));
        bytes[at] = value;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(rubbish, (bytes) => {
        try {
          expect(parseTrace(bytes).strokes.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ reason: 'TRACE_UNREADABLE' });
        }
      }),
    );
  });
});
