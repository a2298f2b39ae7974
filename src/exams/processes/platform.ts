const PLATFORMS: readonly [word: string, said: RegExp][] = [
  ['Android', /android/i],
  ['iOS', /ios|iphone|ipad/i],
  ['ChromeOS', /chrome ?os|\bcros\b/i],
  ['Windows', /windows|win32|win64/i],
  ['macOS', /mac ?os|darwin|os x/i],
  ['Linux', /linux/i],
];

/**
 * What a client says it runs on, as one of few words; empty when it does not say. Its own text could name a person,
 * and the audit trail, where this goes, is never erased.
 */
export function platform(claim: string): string {
  if (claim === '') return '';
  return PLATFORMS.find(([, said]) => said.test(claim))?.[0] ?? 'other';
}
