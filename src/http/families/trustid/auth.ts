/** The token of an `Authorization` header: an API key of that name in the document, `Bearer` before it or not. */
export function token(authorization: string | undefined): string | undefined {
  const value = authorization?.trim().replace(/^Bearer(?:\s+|$)/i, '');
  return value === '' ? undefined : value;
}
