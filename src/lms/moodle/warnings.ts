import { z } from 'zod';

/**
 * How Moodle says that an answer is not all of it: with status 200, and an empty or shorter list beside. A site without
 * any may leave the member out.
 */
export const warnings = z
  .array(
    z.object({ item: z.string().nullish(), itemid: z.int().nullish(), warningcode: z.string().nullish() }),
  )
  .default([]);

/** Ids of the courses that an answer lacks. */
export function refusedCourses(given: z.output<typeof warnings>): string[] {
  return given.flatMap(({ item, itemid }) => (item === 'course' && itemid ? [String(itemid)] : []));
}
