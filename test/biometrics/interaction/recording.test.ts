import fc from 'fast-check';
import '../../support/property-seed.js';
import { StatusError } from '../../../src/call/index.js';
import { KEY_CLASSES } from '../../../src/biometrics/interaction/keys.js';
import { LIMITS, readRecording } from '../../../src/biometrics/interaction/recording.js';

const dataset = (members: object): string =>
  JSON.stringify({ format: 'probity-interaction', version: 1, ...members });

function refusal(text: string): string {
  try {
    readRecording(text);
  } catch (error) {
    expect(error).toBeInstanceOf(StatusError);
    const { reason, details } = error as StatusError;
    expect(reason).toBe('INVALID_FIELDS');
    expect(details.fields).toEqual([
      { field: 'dataset', problem: 'bad_format', description: expect.any(String) as string },
    ]);
    return details.fields![0]!.description;
  }
  throw new Error('it was read');
}

describe('a dataset', () => {
  test('keeps of a key which finger struck it', () => {
    const keys = [
      ['KeyQ', 0, 80],
      ['KeyA', 90, 150],
      ['LEFT_LITTLE', 200, 250],
      ['Digit7', 300, 350],
      ['LaunchMail', 400, 450],
    ];
    const read = readRecording(dataset({ typing: [{ keys }] }));
    expect(read.typing[0]!.keystrokes.map(({ key }) => key)).toEqual([
      ...['LEFT_LITTLE', 'LEFT_LITTLE', 'LEFT_LITTLE', 'DIGIT', 'OTHER'],
    ]);
    expect(JSON.stringify(read)).not.toContain('KeyQ');
  });

  test('may hold typing, the mouse, both or neither', () => {
    expect(readRecording(dataset({}))).toEqual({ typing: [], mouse: [] });
    const action = [
      [0, 10, 10],
      [16, 12, 14],
    ];
    expect(readRecording(dataset({ mouse: [action] })).mouse[0]).toEqual([
      { t: 0, x: 10, y: 10 },
      { t: 16, x: 12, y: 14 },
    ]);
  });

  test.each([
    ['nothing', '', /JSON/],
    ['no JSON', '{', /JSON/],
    ['another format', '{"format":"other","version":1}', /format/],
    ['a later version', '{"format":"probity-interaction","version":2}', /version/],
    ['a poisoned prototype', dataset({ a: 1 }).replace('"a"', '"__proto__"'), /JSON/],
    ['what it does not know', dataset({ scroll: [] }), /scroll/],
    ['a key released before it is pressed', dataset({ typing: [{ keys: [['KeyA', 9, 8]] }] }), /before/],
    [
      'keys out of order',
      dataset({
        typing: [
          {
            keys: [
              ['KeyA', 9, 19],
              ['KeyB', 8, 18],
            ],
          },
        ],
      }),
      /order/,
    ],
    ['a time that is none', dataset({ mouse: [[[-1, 0, 0]]] }), /mouse\.0\.0\.0/],
    ['too many stretches', dataset({ typing: new Array(LIMITS.stretches + 1).fill({ keys: [] }) }), /typing/],
    [
      'too many keys in all',
      dataset({
        typing: new Array(6).fill({ keys: new Array(LIMITS.keystrokes / 5).fill(['KeyA', 0, 1]) }),
      }),
      /5000 keys/,
    ],
    ['more commas than values', ','.repeat(80_000), /more keys or points/],
    ['more characters than any', 'x'.repeat(LIMITS.characters + 1), /characters/],
  ])('%s is refused, with what is wrong', (_what, text, message) => {
    expect(refusal(text)).toMatch(message);
  });

  test('throws nothing but a StatusError about the field, whatever comes', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => `{"format":"probity-interaction","version":1,"typing":[{"keys":${json}}]}`),
      fc.json().map((json) => `{"format":"probity-interaction","version":1,"mouse":${json}}`),
    );
    fc.assert(
      fc.property(anything, (text) => {
        try {
          const { typing } = readRecording(text);
          for (const { keystrokes } of typing) {
            for (const { key } of keystrokes) expect(KEY_CLASSES).toContain(key);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(StatusError);
          expect((error as StatusError).details.fields![0]!.field).toBe('dataset');
        }
      }),
    );
  });
});
