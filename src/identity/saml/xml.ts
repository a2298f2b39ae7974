import { DOMParser } from '@xmldom/xmldom';
import { useNamespaces } from 'xpath';

export const NAMESPACES = {
  md: 'urn:oasis:names:tc:SAML:2.0:metadata',
  saml: 'urn:oasis:names:tc:SAML:2.0:assertion',
  samlp: 'urn:oasis:names:tc:SAML:2.0:protocol',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
} as const;

const select = useNamespaces(NAMESPACES);

/**
 * Elements inside one another at the most: in a signed response there are nine. Libraries walk a tree by recursion, and
 * a stack ends.
 */
const DEEPEST = 32;

/** A document type: entities, external files. Nobody in SAML has a use for one. */
const DOCUMENT_TYPE = /<!(?!--|\[CDATA\[)/;

/**
 * Parses XML as strictly as its parser can: what it would only warn of is an error.
 * @param most elements and attributes, together: an XPath compares all that it finds, two by two
 * @throws Error for what is no XML or more than that, and for a document type, which is refused before anything is parsed
 */
export function parseXml(xml: string, most: number): Document {
  if (DOCUMENT_TYPE.test(xml)) throw new Error('It has a document type.');
  const refuse = (message: unknown): never => {
    throw new Error(String(message).split('\n')[0]);
  };
  const parser = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } });
  const document = parser.parseFromString(xml, 'text/xml') as Document | undefined;
  // Its types do not say that there may be none.
  if (!document || !(document as Partial<Document>).documentElement) throw new Error('It is no XML.');
  let found = 0;
  for (const [element, depth] of walk(document)) {
    found += 1 + element.attributes.length;
    if (depth > DEEPEST) throw new Error(`It has more than ${DEEPEST} elements inside one another.`);
    if (found > most) throw new Error(`It has more than ${most} elements and attributes.`);
  }
  return document;
}

/** All elements of a tree, in document order, each with its depth: 1 is the outermost. */
function* walk(document: Document): Generator<[element: Element, depth: number]> {
  const waiting: [Element, number][] = [[document.documentElement, 1]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    const [element, depth] = next;
    for (let child = element.lastChild; child; child = child.previousSibling) {
      if (child.nodeType === child.ELEMENT_NODE) waiting.push([child as Element, depth + 1]);
    }
  }
}

/** Elements by an XPath with the prefixes md, saml, samlp and ds. */
export function elements(node: Node, path: string): Element[] {
  return select(path, node) as Element[];
}

/** Values of attributes by an XPath. */
export function attributes(node: Node, path: string): string[] {
  return (select(path, node) as Attr[]).map((attribute) => attribute.value);
}

/** The elements in a node by their local name, whatever their namespace: the library that verifies looks no closer. */
export function named(node: Document | Element, name: string): Element[] {
  return Array.from(node.getElementsByTagNameNS('*', name));
}

/** The values of all attributes in a document that have one of these local names. */
export function valuesOf(document: Document, names: ReadonlySet<string>): string[] {
  return [...walk(document)].flatMap(([element]) =>
    Array.from(element.attributes)
      .filter(({ localName }) => names.has(localName))
      .map(({ value }) => value),
  );
}

/** The text of an element, whole, without white space around it. */
export function textOf(element: Element | undefined): string {
  return (element?.textContent ?? '').trim();
}

/** An attribute of an element; null where it has none. */
export function attributeOf(element: Element | undefined, name: string): string | null {
  return element?.hasAttribute(name) ? element.getAttribute(name) : null;
}
