import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { buildFolder, builtModules } from '../../scripts/moodle-plugin/amd.js';

// Moodle serves amd/build alone: what lies there must be what amd/src says.
it('the built scripts are those of the sources (npm run moodle-plugin builds them)', async () => {
  const built = await builtModules();
  expect(readdirSync(buildFolder).sort()).toEqual([...built.keys()].sort());
  for (const [file, code] of built) expect(readFileSync(path.join(buildFolder, file), 'utf8')).toBe(code);
});
