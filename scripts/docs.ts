/** Writes the generated pages of `docs/`. A test fails when one is not as generated. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { configurationTable } from '../src/config.js';

writeFileSync(path.join(__dirname, '..', 'docs', 'configuration.md'), configurationTable());
