import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Code, REASONS, type Reason } from '../../src/call/index.js';
import { inGreek } from '../../web/lib/refusals.js';

/** What passes is said in the page's own words, and so is that nobody is signed in. */
const SAID_OTHERWISE: readonly Code[] = [Code.RESOURCE_EXHAUSTED, Code.UNAVAILABLE, Code.UNAUTHENTICATED];

it.each([
  'exams/v1/capture_service.proto',
  'exams/v1/identification_service.proto',
  'biometrics/v1/reference_service.proto',
  'compliance/v1/consent_service.proto',
])('a refusal that %s names to a student is said in Greek as well', (file) => {
  const proto = readFileSync(path.resolve(__dirname, '../../proto/probity', file), 'utf8');
  const named = Object.keys(REASONS).filter((reason) =>
    new RegExp(`\\b${reason}\\b`).test(proto),
  ) as Reason[];
  expect(named).not.toEqual([]);
  const without = named.filter(
    (reason) => !SAID_OTHERWISE.includes(REASONS[reason]) && inGreek(reason) === null,
  );
  expect(without).toEqual([]);
});

it('a reason without words of its own keeps the server’s', () => {
  expect(inGreek('constructor')).toBeNull();
  expect(inGreek('INTERNAL')).toBeNull();
});
