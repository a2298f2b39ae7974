import type { Camera } from '../camera.js';
import { h } from '../../lib/dom.js';
import { say } from '../words.js';

const SVG = 'http://www.w3.org/2000/svg';

/** What the camera sees, with a place for the face. */
export function viewfinder(camera: Camera): HTMLElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'oval');
  svg.setAttribute('viewBox', '0 0 120 90');
  svg.setAttribute('aria-hidden', 'true');
  const oval = document.createElementNS(SVG, 'ellipse');
  for (const [name, value] of Object.entries({ cx: 60, cy: 44, rx: 24, ry: 32 })) {
    oval.setAttribute(name, String(value));
  }
  svg.append(oval);
  const picture = camera.preview();
  picture.setAttribute('aria-label', say().previewLabel);
  return h('div', { class: 'camera' }, picture, svg);
}
