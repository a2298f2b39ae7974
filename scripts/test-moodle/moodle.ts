import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const COMPONENT = 'quizaccess_probity';

/** Moodle asks for as much; the command line takes it as an option. */
const PHP_OPTIONS = ['-d', 'max_input_vars=5000', '-d', 'memory_limit=512M'];
const LONGEST_MS = 600_000;
const MOST_OUTPUT = 64 * 1024 * 1024;

/** A Moodle on this machine: its folder for what only its administrator can do, its address for everything else. */
export class Moodle {
  constructor(
    /** Its `wwwroot`, without a slash at the end. */
    readonly url: string,
    readonly dir: string,
  ) {}

  /** Where scripts are served from: a folder of its own since Moodle 5.1. */
  get webRoot(): string {
    const inside = path.join(this.dir, 'public');
    return existsSync(path.join(inside, 'version.php')) ? inside : this.dir;
  }

  /** Puts the plugin where Moodle looks for it; what was there before is gone. */
  async place(plugin: string): Promise<void> {
    await this.remove();
    await mkdir(this.folder, { recursive: true });
    await cp(plugin, this.folder, { recursive: true });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private get folder(): string {
    return path.join(this.webRoot, 'mod/quiz/accessrule/probity');
  }

  /** Runs one of Moodle's own command-line scripts (`admin/cli`), and answers what it printed. */
  async cli(script: string, ...options: string[]): Promise<string> {
    return this.php(path.join(this.dir, 'admin/cli', `${script}.php`), options);
  }

  /** Runs one of the scripts in `php/` beside this file, and answers what it answered. */
  async ask<T>(script: string, input: object = {}): Promise<T> {
    const file = path.join(__dirname, 'php', `${script}.php`);
    const printed = await this.php(file, [this.dir, JSON.stringify(input)]);
    // Some of Moodle's traces pass by the buffer that bootstrap.php has: the answer is the last line.
    return JSON.parse(printed.slice(printed.lastIndexOf('\n') + 1)) as T;
  }

  private async php(file: string, options: string[]): Promise<string> {
    try {
      const { stdout } = await run('php', [...PHP_OPTIONS, file, ...options], {
        cwd: this.dir,
        timeout: LONGEST_MS,
        maxBuffer: MOST_OUTPUT,
      });
      return stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${path.basename(file)} failed: ${(stdout + stderr).trim().slice(-1500)}`, {
        cause: error,
      });
    }
  }
}
