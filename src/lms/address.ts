/**
 * Where a site is, as it is called and compared: the path stays, for there may be one, the slash at its end does not. Null
 * for what is no http or https address without user, query and fragment.
 */
export function siteAddress(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url && !url.username && !url.password && !/[?#]/.test(text) && /^https?:$/.test(url.protocol);
  return plain ? url.href.replace(/\/+$/, '') : null;
}
