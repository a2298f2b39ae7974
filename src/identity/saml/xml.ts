import { DOMParser } from '@xmldom/xmldom';
import { useNamespaces } from 'xpath';

export const NAMESPACES = {
  md: 'urn:oasis:names:tc:SAML:2.0:metadata',
  saml: 'urn:oasis:names:tc:SAML:2.0:assertion',
  samlp: 'urn:oasis:names:tc:SAML:2.0:protocol',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
} as const;

const select = useNamespaces(NAMESPACES);

/** A document type: entities, external files. Nobody in SAML has a use for one. */
const DOCUMENT_TYPE = /<!(?!--|\[CDATA\[)/;

/**
 * Parses XML as strictly as its parser can: what it would only warn of is an error.
 * @throws Error for what is no XML, and for a document type, which is refused before anything is parsed
 */
export function parseXml(xml: string): Document {
  if (DOCUMENT_TYPE.test(xml)) throw new Error('It has a document type.');
  const refuse = (message: unknown): never => {
    throw new Error(String(message).split('\n')[0]);
  };
  const parser = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } });
  const document = parser.parseFromString(xml, 'text/xml') as Document | undefined;
  // Its types do not say that there may be none.
  if (!document || !(document as Partial<Document>).documentElement) throw new Error('It is no XML.');
  return document;
}

/** Elements by an XPath with the prefixes md, saml, samlp and ds. */
export function elements(node: Node, path: string): Element[] {
  return select(path, node) as Element[];
}

/** Values of attributes by an XPath. */
export function attributes(node: Node, path: string): string[] {
  return (select(path, node) as Attr[]).map((attribute) => attribute.value);
}

/** The text of an element, whole, without white space around it. */
export function textOf(element: Element | undefined): string {
  return (element?.textContent ?? '').trim();
}

/** An attribute of an element; null where it has none. */
export function attributeOf(element: Element | undefined, name: string): string | null {
  return element?.hasAttribute(name) ? element.getAttribute(name) : null;
}
