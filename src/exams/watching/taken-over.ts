import { StatusError } from '../../call/index.js';

/** Another stream has the session; this one must end, and trying again would only take it back. */
export class TakenOver extends StatusError {
  constructor() {
    super('VERSION_CONFLICT', 'Another stream has taken the session over.');
  }
}
