import type { WebFunction } from './call.js';
import { CORE_FUNCTIONS } from './core-functions.js';
import { PLUGIN_FUNCTIONS, QUIZ_FUNCTIONS } from './quiz-functions.js';
import type { Site } from './site.js';

/** The functions of a site's service. */
export function functionsOf({ plugin }: Pick<Site, 'plugin'>): Readonly<Record<string, WebFunction>> {
  return { ...CORE_FUNCTIONS, ...QUIZ_FUNCTIONS, ...(plugin ? PLUGIN_FUNCTIONS : {}) };
}
