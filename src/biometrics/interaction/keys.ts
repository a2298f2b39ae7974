/**
 * Which finger strikes a key, in touch typing on the usual layout of a keyboard. A class says nothing of which letter it
 * was (three to nine keys share one), and it is all that is kept: docs/adr/0012.
 */
export const KEY_CLASSES = [
  'LEFT_LITTLE',
  'LEFT_RING',
  'LEFT_MIDDLE',
  'LEFT_INDEX',
  'RIGHT_INDEX',
  'RIGHT_MIDDLE',
  'RIGHT_RING',
  'RIGHT_LITTLE',
  'SPACE',
  'ENTER',
  'BACKSPACE',
  'DIGIT',
  'SHIFT',
  'MODIFIER',
  'NAVIGATION',
  'OTHER',
] as const;
export type KeyClass = (typeof KEY_CLASSES)[number];

/** `KeyboardEvent.code` (UI Events KeyboardEvent code Values), the place of a key whatever the layout prints on it. */
const CODES: Partial<Record<KeyClass, readonly string[]>> = {
  LEFT_LITTLE: ['KeyQ', 'KeyA', 'KeyZ', 'Backquote', 'IntlBackslash'],
  LEFT_RING: ['KeyW', 'KeyS', 'KeyX'],
  LEFT_MIDDLE: ['KeyE', 'KeyD', 'KeyC'],
  LEFT_INDEX: ['KeyR', 'KeyF', 'KeyV', 'KeyT', 'KeyG', 'KeyB'],
  RIGHT_INDEX: ['KeyY', 'KeyH', 'KeyN', 'KeyU', 'KeyJ', 'KeyM'],
  RIGHT_MIDDLE: ['KeyI', 'KeyK', 'Comma'],
  RIGHT_RING: ['KeyO', 'KeyL', 'Period'],
  RIGHT_LITTLE: [
    ...['KeyP', 'Semicolon', 'Slash', 'BracketLeft', 'BracketRight'],
    ...['Quote', 'Minus', 'Equal', 'Backslash'],
  ],
  SPACE: ['Space'],
  ENTER: ['Enter', 'NumpadEnter'],
  BACKSPACE: ['Backspace', 'Delete'],
  SHIFT: ['ShiftLeft', 'ShiftRight'],
  MODIFIER: [...['ControlLeft', 'ControlRight', 'AltLeft', 'AltRight', 'MetaLeft', 'MetaRight', 'CapsLock']],
  NAVIGATION: [
    ...['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
    ...['Home', 'End', 'PageUp', 'PageDown', 'Tab'],
  ],
};

const CLASS_OF = new Map<string, KeyClass>([
  ...KEY_CLASSES.map((name) => [name, name] as const),
  ...Array.from({ length: 10 }, (_, n) => [`Digit${n}`, 'DIGIT'] as const),
  ...Array.from({ length: 10 }, (_, n) => [`Numpad${n}`, 'DIGIT'] as const),
  ...Object.entries(CODES).flatMap(([name, codes]) => codes.map((code) => [code, name as KeyClass] as const)),
]);

/** The class of a `KeyboardEvent.code`, or of what is a class already. */
export function classOf(key: string): KeyClass {
  return CLASS_OF.get(key) ?? 'OTHER';
}

/** Keys that write nothing: when they are held down differs from one time to the next, also within one text. */
export function isModifier(key: KeyClass): boolean {
  return key === 'SHIFT' || key === 'MODIFIER';
}
