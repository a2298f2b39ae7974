/** An element of a list by what it shows: as long as that stays the same, so does the element, with all typed in it. */
export interface Keyed {
  key: string;
  /** What it is made of, but for the language. */
  from: unknown;
  make: () => HTMLElement;
}

interface Made {
  element: HTMLElement;
  from: string;
}

/** A list that changes as little as it can: the keyboard stays where it is, and what is being typed too. */
export class KeyedList {
  private made = new Map<string, Made>();

  constructor(readonly element: HTMLElement) {}

  show(items: readonly Keyed[]): void {
    const next = new Map<string, Made>();
    for (const { key, from, make } of items) {
      const before = this.made.get(key);
      const state = JSON.stringify(from);
      next.set(key, before?.from === state ? before : { element: make(), from: state });
    }
    for (const [key, { element }] of this.made) if (next.get(key)?.element !== element) element.remove();
    let place: Element | null = this.element.firstElementChild;
    for (const { element } of next.values()) {
      if (element === place) place = place.nextElementSibling;
      else this.element.insertBefore(element, place);
    }
    this.made = next;
  }
}
