import { platform } from './platform.js';

/** Systems that a rule may be for. */
export type OperatingSystem = 'WINDOWS' | 'MACOS' | 'LINUX';

/** A program that may not run. */
export interface ProcessRule {
  /** `*` stands for any characters, `?` for one; everything else for itself. */
  pattern: string;
  /** Null: on all of them. */
  operatingSystem: OperatingSystem | null;
}

/** Programs that may not run during an exam. */
export type ProcessPolicy = readonly ProcessRule[];

const SYSTEMS: Readonly<Record<string, OperatingSystem>> = {
  Windows: 'WINDOWS',
  macOS: 'MACOS',
  Linux: 'LINUX',
};

/** The system that a client says it runs on; null where it says none that rules know. */
export function operatingSystemOf(claim: string): OperatingSystem | null {
  return SYSTEMS[platform(claim)] ?? null;
}

/**
 * Which processes a policy forbids, as they were given, without repeats.
 * @param names with or without their folder, in any case
 * @param operatingSystem null when it is not known: the rules of all systems count then
 */
export function checkProcesses(
  names: readonly string[],
  operatingSystem: OperatingSystem | null,
  policy: ProcessPolicy,
): string[] {
  const patterns = new Set(
    policy
      .filter(
        (rule) =>
          rule.operatingSystem === null || (operatingSystem ?? rule.operatingSystem) === rule.operatingSystem,
      )
      .map((rule) => programOf(rule.pattern)),
  );
  const wild = [...patterns].filter((pattern) => /[*?]/.test(pattern));
  const forbidden = new Map<string, string>();
  for (const name of names) {
    const program = programOf(name);
    if (program === '' || forbidden.has(program)) continue;
    if (patterns.has(program) || wild.some((pattern) => matches(pattern, program))) {
      forbidden.set(program, name.trim());
    }
  }
  return [...forbidden.values()];
}

/** What a process is compared by: its name without folders and the ending of an executable, in one case. */
function programOf(name: string): string {
  const folded = name.normalize('NFKC').trim().toLowerCase();
  return folded
    .slice(Math.max(folded.lastIndexOf('/'), folded.lastIndexOf('\\')) + 1)
    .replace(/\.(exe|com|app)$/, '');
}

/**
 * Whether the whole text fits a pattern of `*` and `?`. Goes back to the last `*` only, so that it takes at most the
 * product of the two lengths: libraries make regular expressions of such patterns, and those take far longer for
 * patterns that somebody meant to be slow.
 */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < text.length;) {
    if (pattern[at] === '*') {
      star = at++;
      resume = i;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
