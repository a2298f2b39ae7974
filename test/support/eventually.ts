/**
 * Repeats a set of expectations until they hold; the last failure is thrown after `withinMs`. For what happens
 * asynchronously and reports to nobody.
 */
export async function eventually(
  expectations: () => unknown,
  { withinMs = 60_000, everyMs = 10 } = {},
): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      await expectations();
      return;
    } catch (failure) {
      if (Date.now() >= end) throw failure;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
