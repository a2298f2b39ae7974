import { readFile, readdir, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const amd = path.resolve(__dirname, '../../moodle-plugin/amd');

/** What Moodle serves: the modules of amd/src, named as Moodle's own build names them, small, by file name under amd/build. */
export async function builtModules(): Promise<Map<string, string>> {
  const { minify } = await import('terser');
  const built = new Map<string, string>();
  for (const file of (await readdir(path.join(amd, 'src'))).sort()) {
    const name = path.basename(file, '.js');
    const source = await readFile(path.join(amd, 'src', file), 'utf8');
    const named = source.replace(/^define\(\[/m, `define("quizaccess_probity/${name}", [`);
    if (named === source) throw new Error(`${file} is no module: no line begins with define([`);
    const { code } = await minify(named, { ecma: 2020, format: { comments: false } });
    if (!code) throw new Error(`${file} came out empty`);
    built.set(`${name}.min.js`, `${code}\n`);
  }
  return built;
}

/** Where the built modules lie. */
export const buildFolder = path.join(amd, 'build');

export async function writeModules(): Promise<void> {
  await mkdir(buildFolder, { recursive: true });
  for (const [file, code] of await builtModules()) await writeFile(path.join(buildFolder, file), code);
}
