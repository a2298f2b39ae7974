/**
 * The most students that are sustained: doubled until it is too many, then halved in between until the answer is known
 * to a tenth.
 * @param holds runs one level
 */
export async function findKnee(
  first: number,
  most: number,
  holds: (students: number) => Promise<boolean>,
): Promise<number> {
  let good = 0;
  let bad = Infinity;
  let next = Math.min(first, most);
  for (;;) {
    if (await holds(next)) good = next;
    else bad = next;
    if (good === most || bad - good <= Math.max(10, 0.1 * good)) return good;
    next = bad === Infinity ? Math.min(most, good * 2) : Math.round((good + bad) / 2);
  }
}
