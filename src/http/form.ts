import { buffer } from 'node:stream/consumers';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { hasBody, readBody, requireMediaType, type Decoder } from './body.js';
import { HttpRefusal } from './refusal.js';

/** Fields and files of a form; the longest that is documented has seven. */
const MOST_FIELDS = 64;
const MOST_NAME_BYTES = 100;
/** Of the headers of one part of a multipart body: name, file name, media type. */
const MOST_HEADER_BYTES = 8 * 1024;
const MOST_HEADERS = 16;

const URL_ENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';
const AMPERSAND = 0x26;

/** What a field of a form holds: its text, or the bytes of a file. */
type FormValue = string | Uint8Array;

/**
 * A form, URL-encoded or multipart, in UTF-8: an object of its fields. The value of a text field is a string, that of a
 * file its bytes; a field that comes several times has the array of its values, in their order. A request without any
 * body counts as an empty object.
 */
export const formBody: Decoder = {
  mediaTypes: [URL_ENCODED, MULTIPART],
  async decode(request, limits) {
    if (!hasBody(request)) return {};
    requireMediaType(request, this.mediaTypes);
    const body = await readBody(request, limits.maxBodyBytes);
    const type = request.headers['content-type'] ?? '';
    const found = type.trimStart().toLowerCase().startsWith(MULTIPART)
      ? await multipart(body, type)
      : urlEncoded(body);
    const fields = new Map<string, FormValue | FormValue[]>();
    for (const [name, value] of found) {
      const before = fields.get(name);
      fields.set(name, before === undefined ? value : [before, value].flat());
    }
    // Own members, whatever their names: unlike an assignment, it reaches no prototype.
    return Object.fromEntries(fields);
  },
};

/** By the platform's own parser: a recording in base64 has millions of escapes, and it is several times faster. */
function urlEncoded(body: Buffer): [string, FormValue][] {
  let fields = 1;
  for (let at = body.indexOf(AMPERSAND); at !== -1; at = body.indexOf(AMPERSAND, at + 1)) {
    if (++fields > MOST_FIELDS) throw tooManyFields();
  }
  return [...new URLSearchParams(body.toString())];
}

/** @throws HttpRefusal BODY_UNPARSABLE */
function multipart(body: Buffer, contentType: string): Promise<[string, FormValue][]> {
  const busboy = multipartParser(body.length, contentType);
  const found: Promise<[string, FormValue]>[] = [];
  return new Promise((resolve, reject) => {
    const unfinished = (): void => reject(unparsable('The body is not a whole form.'));
    busboy.on('field', (name, value) => void found.push(Promise.resolve([name, value])));
    busboy.on('file', (name, stream) => {
      const file = buffer(stream).then((bytes): [string, FormValue] => [name, bytes]);
      // At once: nobody may be listening yet when it fails, and a failure without a listener ends the process.
      file.catch(unfinished);
      found.push(file);
    });
    busboy.on('partsLimit', () => reject(tooManyFields()));
    busboy.on('error', unfinished);
    busboy.on('finish', () => void Promise.all(found).then(resolve, unfinished));
    busboy.end(body);
  });
}

function multipartParser(bytes: number, contentType: string) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType } satisfies BusboyHeaders,
      limits: {
        fieldNameSize: MOST_NAME_BYTES,
        // No part is larger than the body, which was measured already.
        fieldSize: bytes,
        fileSize: bytes,
        parts: MOST_FIELDS,
        headerPairs: MOST_HEADERS,
        headerSize: MOST_HEADER_BYTES,
      },
    });
  } catch {
    throw unparsable('The media type names no boundary.');
  }
}

function tooManyFields(): HttpRefusal {
  return unparsable(`The form has more than ${MOST_FIELDS} fields.`);
}

function unparsable(message: string): HttpRefusal {
  return new HttpRefusal('BODY_UNPARSABLE', message);
}
