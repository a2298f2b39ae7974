/** The log of a run: a line a step, and the count of those that held. */
export class Protocol {
  private passed = 0;
  private failed = 0;
  private readonly began = Date.now();

  /**
   * Plays a step and says how it went; a step that fails never ends the run.
   *
   * @param act answers what was measured or seen, for the line.
   */
  async step(name: string, act: () => Promise<string | undefined>): Promise<void> {
    const began = Date.now();
    let outcome = 'ok    ';
    let note: string | undefined;
    try {
      note = await act();
      this.passed += 1;
    } catch (error) {
      outcome = 'FAILED';
      note = error instanceof Error ? error.message : String(error);
      this.failed += 1;
    }
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    this.say(`${outcome} ${name} (${seconds} s)${note ? `: ${note.replaceAll('\n', '\n          ')}` : ''}`);
  }

  say(line: string): void {
    console.log(`[${((Date.now() - this.began) / 1000).toFixed(1).padStart(6)} s] ${line}`);
  }

  /** The closing line; whether every step held. */
  close(): boolean {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0;
  }
}

/** What a step says when an earlier one did not bring what it needs. */
export function reached<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`not reached: there is no ${what}`);
  return value;
}

export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}
