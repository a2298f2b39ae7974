import fc from 'fast-check';
import { SHIPPED_PROCESS_POLICY } from '../../src/exams/processes/process-defaults.js';
import {
  checkProcesses,
  operatingSystemOf,
  type ProcessRule,
} from '../../src/exams/processes/process-policy.js';

const rules = (...patterns: string[]): ProcessRule[] =>
  patterns.map((pattern) => ({ pattern, operatingSystem: null }));
const forbids = (pattern: string, name: string): boolean =>
  checkProcesses([name], null, rules(pattern)).length > 0;

describe('a rule', () => {
  it.each([
    ['skype', 'Skype.exe'],
    ['Skype.exe', 'SKYPE'],
    ['skype', 'C:\\Program Files\\Skype\\Skype.exe'],
    ['teamviewer', '/Applications/TeamViewer.app/Contents/MacOS/TeamViewer'],
    ['teamviewer', 'TeamViewer.app'],
    ['teamviewer', '  teamviewer  '],
    ['teamviewer*', 'TeamViewer_Service.exe'],
    ['*vnc*', 'x11vnc'],
    ['*', 'anything'],
    ['vnc?iewer', 'vncviewer'],
    ['ｓｋｙｐｅ', 'skype'],
    ['a*b*c', 'a--b--b--c'],
  ])('%s is met by %s', (pattern, name) => {
    expect(forbids(pattern, name)).toBe(true);
  });

  it.each([
    ['skype', 'skyper'],
    ['skype', 'notskype.exe'],
    ['skype', 'skype.exe.txt'],
    ['teamviewer*', 'my teamviewer'],
    ['vnc?iewer', 'vnciewer'],
    ['a*b*c', 'a--b--c--b'],
    ['line', 'command line'],
    // Nothing of a regular expression means anything.
    ['s.ype', 'skype'],
    ['[s]kype', 'skype'],
    ['(skype|x)', 'skype'],
    ['*', ''],
    ['*', '   '],
  ])('%s is not met by "%s"', (pattern, name) => {
    expect(forbids(pattern, name)).toBe(false);
  });

  it('means what its regular expression would', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(letters, text, (pattern, name) => {
        const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
        expect(forbids(pattern, name)).toBe(new RegExp(`^${source}$`).test(name));
      }),
    );
  });

  it('is not slow for a pattern that somebody meant to be', () => {
    const pattern = `${'*a'.repeat(50)}*b`;
    expect(forbids(pattern, 'a'.repeat(1024))).toBe(false);
  });

  it('for one system holds there, and for who does not say where they are', () => {
    const policy: ProcessRule[] = [{ pattern: 'mail', operatingSystem: 'MACOS' }];
    expect(checkProcesses(['Mail'], 'MACOS', policy)).toEqual(['Mail']);
    expect(checkProcesses(['Mail'], null, policy)).toEqual(['Mail']);
    expect(checkProcesses(['Mail'], 'WINDOWS', policy)).toEqual([]);
  });
});

describe('a list of processes', () => {
  it('is answered in its own words and order, each program once', () => {
    const names = ['System', ' TeamViewer.exe', 'chrome.exe', 'teamviewer', 'Skype', 'skype.exe'];
    expect(checkProcesses(names, null, rules('skype', 'teamviewer'))).toEqual(['TeamViewer.exe', 'Skype']);
  });

  it('is never accused by a policy without rules', () => {
    expect(checkProcesses(['Skype', 'TeamViewer'], null, [])).toEqual([]);
  });
});

describe('the shipped policy', () => {
  it('forbids what TRUSTID did, and lets a plain machine pass', () => {
    expect(checkProcesses(['Skype', 'TeamViewer'], 'WINDOWS', SHIPPED_PROCESS_POLICY)).toHaveLength(2);
    const plain = [
      'System',
      'svchost.exe',
      'explorer.exe',
      'chrome.exe',
      'firefox',
      'systemd',
      'Finder',
      'launchd',
    ];
    expect(checkProcesses([...plain, 'WindowServer', 'Xorg'], null, SHIPPED_PROCESS_POLICY)).toEqual([]);
  });

  it('holds no rule twice', () => {
    const all = SHIPPED_PROCESS_POLICY.map(
      ({ pattern, operatingSystem }) => `${pattern} ${operatingSystem ?? ''}`,
    );
    expect(new Set(all).size).toBe(all.length);
  });
});

test.each([
  ['Windows 11', 'WINDOWS'],
  ['macOS', 'MACOS'],
  ['Linux x86_64', 'LINUX'],
  ['Android 14', null],
  ['Haiku', null],
  ['', null],
])('"%s" is %s', (said, system) => {
  expect(operatingSystemOf(said)).toBe(system);
});
