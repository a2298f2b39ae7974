type Attribute = string | number | boolean | ((event: Event) => void);
export type Child = Node | string | null | false;

/**
 * An element: `true` and `false` set or leave out an attribute, a function under `onclick` and the like listens.
 * Text is text: nothing here takes markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else if (typeof value === 'boolean') element.toggleAttribute(name, value);
    else element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/** Sets a text only where it differs: a screen reader reads a live region again for each change. */
export function tell(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Pictures of 24 by 24, as the `d` of one path. */
const ICONS = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  alert: 'M12 4v10M12 18.5v.5',
  cross: 'M6 6l12 12M18 6L6 18',
  dots: 'M5 12h.5M12 12h.5M19 12h.5',
  left: 'M20 12H5M11 5l-7 7 7 7',
  right: 'M4 12h15M13 5l7 7-7 7',
  eye: 'M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6zM12 10a2 2 0 100 4 2 2 0 000-4z',
  smile: 'M12 3a9 9 0 100 18 9 9 0 000-18zM8 14c1 2 2.5 3 4 3s3-1 4-3M9 9.5v.5M15 9.5v.5',
  face: 'M12 3a9 9 0 100 18 9 9 0 000-18zM8.5 15.5h7M9 9.5v.5M15 9.5v.5',
} as const;
export type Icon = keyof typeof ICONS;

const SVG = 'http://www.w3.org/2000/svg';

/** Beside a text that says the same: it is hidden from screen readers. */
export function icon(name: Icon): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}
