import fc from 'fast-check';
import { decodeTemplate, encodeTemplate, type Template } from '../../../src/biometrics/templates/codec.js';

const template: fc.Arbitrary<Template> = fc.record({
  modality: fc.constantFrom('FACE' as const, 'VOICE' as const, 'HANDWRITING' as const),
  modelId: fc.string({ minLength: 1, maxLength: 64 }),
  subject: fc.option(fc.uuid()),
  vector: fc
    .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 512 })
    .map((values) => Float32Array.from(values)),
});

describe('the form of a template', () => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(template, (given) => {
        expect(decodeTemplate(encodeTemplate(given))).toEqual(given);
      }),
    );
  });

  it('is not mistaken for a later version', () => {
    const given = { modality: 'FACE', modelId: 'm/1', subject: null, vector: Float32Array.of(1) } as const;
    const bytes = Buffer.from(encodeTemplate(given));
    expect(bytes[1]).toBe(1);
    bytes[1] = 2;
    expect(() => decodeTemplate(bytes)).toThrow();
  });

  it('refuses rubbish', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (rubbish) => {
        expect(() => decodeTemplate(rubbish)).toThrow();
      }),
    );
  });
});
