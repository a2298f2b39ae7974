/*
 * The window's own storage, which a reload survives and other windows do not share. A page in a frame may be refused it
 * (browsers that keep no data of third parties): then things are kept until the page goes.
 */
const memory = new Map<string, string>();

export function stored(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return memory.get(key) ?? null;
  }
}

/** `null` forgets. */
export function store(key: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    if (value === null) memory.delete(key);
    else memory.set(key, value);
  }
}
