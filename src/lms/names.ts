import { z } from 'zod';

const UNPRINTABLE = /[\p{Cc}\p{Cs}\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * A name as an LMS has it, which may be longer than ours or hold what ours do not: nothing is to fail for the name of a
 * quiz. Empty names, which some sites have, become a dash.
 */
const name = (most: number) =>
  z.string().transform((text) => {
    const plain = text.normalize('NFC').replace(UNPRINTABLE, ' ').trim();
    return Array.from(plain).slice(0, most).join('').trim() || '-';
  });

export const personName = name(100);
/** Of a course, an activity, a group. */
export const thingName = name(200);
