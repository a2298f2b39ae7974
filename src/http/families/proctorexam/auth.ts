import type { z } from 'zod';
import { invalidFields, type FieldViolation } from '../../../call/index.js';
import type { SignedParameter } from '../../../grpc/gen/probity/identity/v1/api_key_service.js';
import type { Call, Operation, ShownRequest } from '../../family.js';
import { written } from './decode.js';

/** `Token token=…`, the value in quotes or not, as Rails takes it. */
export function token(authorization: string | undefined): string | undefined {
  return /^Token +token="?([\w~.+/=-]+)"?$/i.exec(authorization ?? '')?.[1];
}

/**
 * Exchanges the signature of a request for an access token. The core verifies it, for that is where the secret and the
 * nonces are; what is asked here is only what the client has signed.
 */
export async function exchange(
  request: ShownRequest,
  { core, options }: Omit<Call, 'header'>,
): Promise<string> {
  const { operation, params, query, body } = request;
  const sent = operation.body ? written(body as object) : query;
  const { signature } = sent;
  const parameters = parametersOf(params, sent);
  const { accessToken } = await core.apiKeys.exchangeSignature(
    {
      token: request.token,
      signature: typeof signature === 'string' ? signature : '',
      parameters,
      parameterNames: namesOf(operation),
    },
    options,
  );
  return accessToken;
}

/** Every parameter but the signature, as text. What has no text of its own cannot be signed. */
function parametersOf(
  params: Readonly<Record<string, string>>,
  sent: Readonly<Record<string, unknown>>,
): SignedParameter[] {
  const problems: FieldViolation[] = [];
  const refuse = (field: string, description: string): void =>
    void problems.push({ field, problem: 'bad_format', description });
  const parameters = Object.entries(params).map(([name, value]) => ({ name, value, inPath: true }));
  for (const [name, value] of Object.entries(sent)) {
    if (name === 'signature') continue;
    const text = textOf(value);
    if (text === null) refuse(name, 'Must be a String, a number or a boolean.');
    else if (!Object.hasOwn(params, name)) parameters.push({ name, value: text, inPath: false });
    else if (params[name] !== text) refuse(name, 'Must be that of the path.');
  }
  if (problems.length > 0) throw invalidFields(problems);
  return parameters;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : null;
}

/** Names of all parameters of an operation. Its schemas are plain objects: `signed` makes them. */
function namesOf({ params, query, body }: Operation): string[] {
  const sent = (body ?? query) as z.ZodObject | undefined;
  return [...Object.keys(params?.shape ?? {}), ...Object.keys(sent?.shape ?? {})].filter(
    (name, at, all) => name !== 'signature' && all.indexOf(name) === at,
  );
}
