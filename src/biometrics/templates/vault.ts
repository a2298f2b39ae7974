import { parse as uuidBytes } from 'uuid';
import { StatusError } from '../../call/index.js';
import { SealError, type Db, type Storage } from '../../storage/index.js';
import { decodeTemplate, encodeTemplate, type Template } from './codec.js';

/** Names what is sealed: nothing else in a container opens as a template. */
const PURPOSE = 'template';

/**
 * A template that travels: magic, the container that it is sealed in, and the sealed bytes. The container id is
 * bound by the seal; nothing here needs to be secret.
 */
const MAGIC = Buffer.from('PBT1', 'latin1');
const CONTAINER_BYTES = 16;
const HEADER_BYTES = MAGIC.length + CONTAINER_BYTES;
/** Far above any template of ours, and little enough to be looked at for nothing. */
const MOST_BYTES = 64 * 1024;

/** Seals templates, and opens them again for comparison only. */
export interface TemplateVault {
  /** For a row beside its container: opens only in that container. */
  seal(db: Db, containerId: string, template: Template): Promise<Buffer>;
  /** @throws StatusError TEMPLATE_INVALID */
  open(db: Db, containerId: string, sealed: Uint8Array): Promise<Template>;
  /** For somebody outside to keep: opens only for the same organisation, here. */
  export(organisationId: string, template: Template): Promise<Buffer>;
  /** @throws StatusError TEMPLATE_INVALID: rubbish, changed, another organisation's, or its key is gone */
  import(organisationId: string, bytes: Uint8Array): Promise<Template>;
}

export function createTemplateVault(storage: Storage): TemplateVault {
  const { containers, db } = storage;

  async function open(from: Db, containerId: string, sealed: Uint8Array): Promise<Template> {
    try {
      return decodeTemplate(await containers.open(from, containerId, PURPOSE, sealed));
    } catch (error) {
      if (error instanceof SealError) throw invalid(error);
      throw error;
    }
  }

  /** The containers of an organisation's own templates. Those of its users are theirs: owner and kind differ. */
  async function containersOf(from: Db, organisationId: string): Promise<string[]> {
    const held = await containers.ofOwner(from, organisationId, organisationId);
    return held.filter(({ kind }) => kind === 'templates').map(({ id }) => id);
  }

  /** The first one. Two nodes may make one each at the same moment; both are good. */
  async function containerOf(organisationId: string): Promise<string> {
    const [held] = await containersOf(db, organisationId);
    if (held) return held;
    return storage.transaction((tx) =>
      containers.create(tx, { organisationId, kind: 'templates', ownerId: organisationId }),
    );
  }

  return {
    seal: (to, containerId, template) => containers.seal(to, containerId, PURPOSE, encodeTemplate(template)),
    open,

    async export(organisationId, template) {
      const container = await containerOf(organisationId);
      const sealed = await containers.seal(db, container, PURPOSE, encodeTemplate(template));
      return Buffer.concat([MAGIC, uuidBytes(container), sealed]);
    },

    async import(organisationId, bytes) {
      const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (given.length > MOST_BYTES || given.length <= HEADER_BYTES) throw invalid();
      if (!given.subarray(0, MAGIC.length).equals(MAGIC)) throw invalid();
      const named = given.toString('hex', MAGIC.length, HEADER_BYTES);
      const held = await containersOf(db, organisationId);
      const container = held.find((id) => Buffer.from(uuidBytes(id)).toString('hex') === named);
      if (container === undefined) throw invalid();
      return open(db, container, given.subarray(HEADER_BYTES));
    },
  };
}

/** One answer for every cause: which it was would help only somebody who guesses. */
function invalid(cause?: unknown): StatusError {
  return new StatusError('TEMPLATE_INVALID', 'This is not a template of this organisation.', {}, { cause });
}
