import { isConsented, type Consent } from '../../src/compliance/consent.js';
import { policiesInForce } from '../../src/compliance/policies.js';
import { policyText } from '../../src/compliance/policy-texts.js';

const V = '2026-11';
const given: Consent = {
  id: '1',
  organisationId: 'UC',
  userId: 'ann',
  modality: 'FACE',
  purpose: 'EXAM_IDENTITY',
  policyVersion: V,
  givenBy: 'ann',
  attestation: null,
  grantedAt: 1,
  revokedAt: null,
};
const withdrawn = { ...given, revokedAt: 2 };
const older = { ...given, policyVersion: '2020-01' };
const forHer = { ...given, givenBy: 'admin', attestation: 'on paper' };
const forAll = { ...forHer, userId: null };

describe('consent', () => {
  it.each<[string, Consent[], boolean]>([
    ['nothing', [], false],
    ['her own', [given], true],
    ['her own to an older text', [older], false],
    ['her own, withdrawn', [withdrawn], false],
    ['her own, withdrawn and given again', [given, withdrawn], true],
    ['the organisation’s word for her', [forHer], true],
    ['the organisation’s word for everybody', [forAll], true],
    ['that word, and her own withdrawal', [forAll, forHer, withdrawn], false],
    ['that word, and hers to an older text', [forAll, older], true],
    ['that word for an older text', [{ ...forAll, policyVersion: '2020-01' }], false],
    ['that word, withdrawn by her', [{ ...forHer, revokedAt: 2 }], false],
  ])('is held or not by %s', (_, records, held) => {
    expect(isConsented(records, V)).toBe(held);
  });

  it.each([
    ['en', [/take this consent back/, /deleted/, /refuse/, /staff/, /erased/]],
    ['el', [/ανακαλέσετε αυτή τη συγκατάθεση/, /διαγράφεται/, /αρνηθείτε/, /προσωπικό/, /διαγραφούν/]],
  ] as const)(
    'has one text a modality and purpose, which says what the law asks, in %s',
    (language, rights) => {
      const policies = policiesInForce();
      expect(policies.map(({ modality }) => modality).sort()).toEqual([
        'FACE',
        'HANDWRITING',
        'INTERACTION',
        'VOICE',
      ]);
      for (const { modality } of policies) {
        const text = policyText(modality, language);
        for (const right of rights) expect(text).toMatch(right);
      }
    },
  );
});
