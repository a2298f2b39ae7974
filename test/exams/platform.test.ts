import { platform } from '../../src/exams/processes/platform.js';

test.each([
  ['', ''],
  ['Windows 11 Pro', 'Windows'],
  ['Microsoft Windows NT 10.0', 'Windows'],
  ['macOS 15.1 (ada@example.org)', 'macOS'],
  ['Darwin Kernel 24', 'macOS'],
  ['Linux; Android 14', 'Android'],
  ['Ubuntu GNU/Linux', 'Linux'],
  ['iPadOS', 'iOS'],
  ['CrOS x86_64', 'ChromeOS'],
  ['the computer of ada@example.org', 'other'],
])('%s is kept as %s', (claim, word) => {
  expect(platform(claim)).toBe(word);
});
