import type { Db } from '../storage/index.js';
import type { Custody, Modality, Subject } from './ports.js';

/** A reference, as far as it matters where its templates are. */
export interface KeptReference extends Subject {
  id: string;
  modality: Modality;
  containerId: string;
  custody: Custody;
  /** Templates that it has, wherever they are: grows with every picture added, so it names a state of an enrolment. */
  templates: number;
  /** Whether it has the templates that the configuration asks for. */
  complete: boolean;
  /** Templates in the blob that the phone was sent; null for none. */
  packedTemplates: number | null;
  /** UTC milliseconds; null unless LENT. */
  lentUntil: number | null;
  version: number;
}

/** The templates of a blob that was opened, each still sealed as its row is. */
export interface Parcel {
  sealed: readonly Buffer[];
}

/** Moves templates between the server and a phone. Which move is allowed is the wallet's to say. */
export interface Custodian {
  /** Those that have not expired. */
  ofUser(db: Db, userId: string): Promise<KeptReference[]>;
  /** Those whose loan ended by `now`. */
  endedLoans(db: Db, now: number, limit: number): Promise<KeptReference[]>;
  /** The blob for the phone to keep: opens only for this reference, here, while its key lives. */
  pack(db: Db, reference: KeptReference): Promise<Buffer>;
  /**
   * @throws StatusError TEMPLATE_INVALID: rubbish, changed, another person's, of an older enrolment or of this one
   *   before a picture was added, or its key is gone
   */
  unpack(db: Db, reference: KeptReference, blob: Uint8Array): Promise<Parcel>;
  /**
   * Writes where the templates are from now on. The server's are deleted where `custody` becomes PHONE, and put back
   * from the parcel where it was PHONE.
   * @throws StatusError VERSION_CONFLICT where the reference has changed since it was read
   */
  move(
    tx: Db,
    reference: KeptReference,
    to: Pick<KeptReference, 'custody' | 'packedTemplates' | 'lentUntil'>,
    parcel?: Parcel,
  ): Promise<void>;
}
