import { z } from 'zod';
import { OutboundError, type Outbound, type OutboundAnswer } from '../../outbound/index.js';
import { LmsError } from '../capabilities.js';

/** One Moodle site, and the token of its web service. */
export interface MoodleAccess {
  /** What the organisation calls it, for messages. */
  displayName: string;
  /** Without a slash at the end. */
  address: string;
  token: string;
}

/** What a function is called with: lists and objects become `ids[0]` and `options[0][name]`. */
export interface Parameters {
  readonly [name: string]: Parameter;
}
type Parameter = string | number | readonly Parameter[] | Parameters;

/** Calls a function of a site's web service and reads its answer by a schema. @throws LmsError */
export type WebService = <S extends z.ZodType>(
  name: string,
  parameters: Parameters,
  answer: S,
  signal: AbortSignal,
) => Promise<z.output<S>>;

/** All courses of a site come in one answer: 3 KB each as recorded, so some 5,000 of them. */
const MAX_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** How Moodle says no. Its status is 200 all the same. */
const exception = z.object({ exception: z.string(), errorcode: z.string() });

/** What an error code means, in words for staff. Every other code is shown as it is. */
const REFUSALS: Readonly<Record<string, string>> = {
  invalidtoken: 'does not know the token, or it has expired',
  accessexception: 'does not let the token call {function}: its service, its address or its time excludes it',
  wsaccessusersuspended: 'has suspended the user of the token',
  nopermissions: 'denies the user of the token a right that {function} needs',
  errorcoursecontextnotvalid: 'does not let the user of the token see a course that {function} asks for',
  requireloginerror: 'does not let the user of the token see what {function} asks for',
};

/**
 * The REST web service (moodledev.io "Web services"; behaviour as recorded on 4.5 and 5.1). Parameters travel in the
 * body of a POST, the token among them: in an address they would be logged.
 */
export function moodleWebService(outbound: Pick<Outbound, 'request'>, access: MoodleAccess): WebService {
  const { displayName, address, token } = access;

  return async (name, parameters, answer, signal) => {
    const response = await outbound
      .request({
        url: `${address}/webservice/rest/server.php`,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          wstoken: token,
          wsfunction: name,
          moodlewsrestformat: 'json',
          ...Object.fromEntries(flat(parameters)),
        }).toString(),
        maxBytes: MAX_BYTES,
        timeoutMs: TIMEOUT_MS,
        repeatable: true,
        signal,
      })
      .catch((error: unknown) => {
        throw error instanceof OutboundError ? notReached(displayName, error) : error;
      });
    const body = bodyOf(displayName, response);
    const refused = exception.safeParse(body);
    if (refused.success) throw refusal(displayName, name, refused.data.errorcode);
    const read = answer.safeParse(body);
    if (read.success) return read.data;
    throw new LmsError('UNAVAILABLE', `${displayName} answers ${name} in a form that is not Moodle's.`, {
      cause: read.error,
    });
  };
}

/** `{ids: [2]}` as `ids[0]=2`. */
function flat(parameters: Parameters): [string, string][] {
  const under = (key: string, value: Parameter): [string, string][] =>
    typeof value === 'object'
      ? Object.entries(value).flatMap(([inner, each]: [string, Parameter]) => under(`${key}[${inner}]`, each))
      : [[key, String(value)]];
  return Object.entries(parameters).flatMap(([key, value]) => under(key, value));
}

function notReached(site: string, error: OutboundError): LmsError {
  switch (error.failure) {
    case 'OFF':
    case 'ADDRESS_REFUSED':
    case 'PLAINTEXT_REFUSED':
    case 'REDIRECTED':
      return new LmsError('REFUSED', `${site} is not called. ${error.message}`, { cause: error });
    case 'TOO_LARGE':
    case 'TIMED_OUT':
    case 'UNREACHABLE':
      return new LmsError('UNAVAILABLE', `${site} gives no answer. ${error.message}`, { cause: error });
  }
}

function bodyOf(site: string, { status, body }: OutboundAnswer): unknown {
  if (status === 403) throw new LmsError('REFUSED', `${site} has its web services, or REST, switched off.`);
  if (status === 404) throw new LmsError('REFUSED', `${site} has no Moodle web service at its address.`);
  if (status === 503) throw new LmsError('UNAVAILABLE', `${site} is under maintenance.`);
  if (status !== 200) throw new LmsError('UNAVAILABLE', `${site} answers with HTTP status ${status}.`);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new LmsError('UNAVAILABLE', `${site} answers something that is no JSON.`, { cause });
  }
}

function refusal(site: string, name: string, code: string): LmsError {
  const known = REFUSALS[code]?.replace('{function}', name);
  // The code alone: what the site says in words may hold names and queries.
  const said = known ?? `refuses ${name}: ${/^\w{1,64}$/.test(code) ? code : 'no reason given'}`;
  return new LmsError('REFUSED', `${site} ${said}.`, { code });
}
