/** A name as it is written, for an account that needs two: what follows the last space is the family's. */
export function splitName(name: string): { givenName: string; familyName: string } {
  const at = name.lastIndexOf(' ');
  const [given, family] = at < 0 ? [name, '-'] : [name.slice(0, at), name.slice(at + 1)];
  return { givenName: given.slice(0, 100), familyName: family.slice(0, 100) };
}
