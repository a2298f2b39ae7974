/**
 * Why HTTP itself refuses a request, before any operation is asked. Everything an operation can fail with is a
 * `StatusError`; a family answers both in its own body.
 */
export type RefusalKind =
  /** The path is documented, the method is not. */
  | 'METHOD_NOT_ALLOWED'
  /** A page of another origin made the browser ask. */
  | 'FOREIGN_ORIGIN'
  /** The client takes none of the media types that the family answers in. */
  | 'NOT_ACCEPTABLE'
  /** The body is of a media type, charset or encoding that the operation does not document. */
  | 'UNSUPPORTED_MEDIA_TYPE'
  /** The body is larger than the façade reads. */
  | 'BODY_TOO_LARGE'
  /** The body is not what its media type says, or nests too deep. */
  | 'BODY_UNPARSABLE';

/** A request that HTTP refuses. `message` is public. */
export class HttpRefusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    message: string,
    /** Methods for `Allow`, with METHOD_NOT_ALLOWED. */
    readonly allow: readonly string[] = [],
  ) {
    super(message);
    this.name = 'HttpRefusal';
  }
}
