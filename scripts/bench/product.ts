import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as App from '../../src/app.js';
import type * as Biometrics from '../../src/biometrics/index.js';
import type * as Configuration from '../../src/config.js';
import type * as Telemetry from '../../src/telemetry/index.js';
import { ROOT } from './paths.js';

const load = createRequire(__filename);

/**
 * A module of the compiled product: what is deployed is what is measured. `npm run build` makes it; before that, only
 * its types are known.
 */
export function compiled(path: string): unknown {
  return load(join(ROOT, 'dist/src', path));
}

export const app = compiled('app.js') as typeof App;
export const biometrics = compiled('biometrics/index.js') as typeof Biometrics;
export const configuration = compiled('config.js') as typeof Configuration;
export const telemetry = compiled('telemetry/index.js') as typeof Telemetry;
