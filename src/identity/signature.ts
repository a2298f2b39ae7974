import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FieldViolation } from '../call/index.js';

/*
 * How ProctorExam's clients sign a request: HMAC-SHA256 over `name=value` of every parameter, ordered by name and joined
 * by `?`, values neither escaped nor delimited. Read on its own such a text is ambiguous: `email=a?name=b` is an e-mail
 * and a name, or one strange e-mail. `parameterFaults` refuses what would make it so.
 */

/** A parameter of a signed request, its value as it was written. */
export interface SignedParameter {
  name: string;
  value: string;
  /** Whether it comes from the path: clients sign it or do not. */
  inPath: boolean;
}

/** Half a surrogate pair: in UTF-8 each of them is the same replacement character, so a signature would not tell them apart. */
const LONE_SURROGATE = /\p{Cs}/u;

/** The text that is signed. Names are ordered by code unit, which for theirs is as by byte. */
export function canonical(parameters: readonly SignedParameter[]): string {
  return [...parameters]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => `${name}=${value}`)
    .join('?');
}

/**
 * What keeps these parameters from being the only ones that their canonical text stands for. Where nothing does, and
 * names hold neither `?` nor `=`, every `?name=` in the text begins a parameter, so the text can be taken apart again.
 * @param names of all parameters of the operation
 */
export function parameterFaults(
  parameters: readonly SignedParameter[],
  names: readonly string[],
): FieldViolation[] {
  const known = new Set(names);
  const seen = new Set<string>();
  const faults: FieldViolation[] = [];
  const fault = (field: string, description: string): void =>
    void faults.push({ field, problem: 'bad_format', description });
  for (const { name, value } of parameters) {
    if (!known.has(name)) fault(name, 'Is not a parameter of this operation.');
    else if (seen.has(name)) fault(name, 'May be given once.');
    else if (LONE_SURROGATE.test(value)) fault(name, 'Must be Unicode text.');
    const other = names.find((each) => value.includes(`?${each}=`));
    if (other !== undefined) fault(name, `Must not contain "?${other}=".`);
    seen.add(name);
  }
  return faults;
}

/** Whether a signature, in hex, is that of the parameters, with or without those of the path. In constant time. */
export function isSignedBy(
  secret: string,
  parameters: readonly SignedParameter[],
  signature: string,
): boolean {
  const claimed = Buffer.from(signature, 'hex');
  const forms = [parameters, parameters.filter(({ inPath }) => !inPath)];
  // Both are looked at, so that the time does not tell which it was.
  const matches = forms.map((form) => {
    const right = createHmac('sha256', secret).update(canonical(form), 'utf8').digest();
    return claimed.length === right.length && timingSafeEqual(claimed, right);
  });
  return matches.some(Boolean);
}
