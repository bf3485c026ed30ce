import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import type { Reply } from './exchange.ts';
import { all, find, parseXml, textAt, type XmlNode, xsiType } from './xml.ts';

/** Why a server said no. Its type decides; its message is for people, and empty with some servers. */
export interface VimFault {
  /** As `InvalidPowerState`. */
  type: string;
  message: string;
}

/** A server that says no gives an answer, too. */
export interface SoapAnswer {
  /** What the method returned: none, one, or one for each of several. */
  returned: XmlNode[];
  fault: VimFault | null;
  /** The connection was lost when the request may have been read: nobody knows what became of it. */
  dropped: boolean;
}

export const lost: SoapAnswer = { returned: [], fault: null, dropped: true };

/**
 * Reads what came over the wire. A fault comes with HTTP status 500.
 * @throws FaultError `unexpected-answer` when it is no SOAP
 * @see https://www.w3.org/TR/2000/NOTE-SOAP-20000508/ (4.4 SOAP Fault, 6.2 SOAP HTTP Response)
 */
export function readAnswer(host: Host, { status, body }: Reply): SoapAnswer {
  const content = soapBody(host, status, body);
  const fault = find(content, 'Fault');
  if (fault) return { returned: [], fault: vimFault(fault), dropped: false };
  const [response] = content.children;
  if (status !== 200 || !response) throw noSoap(host, `HTTP status ${status}`);
  return { returned: all(response, 'returnval'), fault: null, dropped: false };
}

function soapBody(host: Host, status: number, text: string): XmlNode {
  let root: XmlNode;
  try {
    root = parseXml(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw noSoap(host, `HTTP status ${status} and something that cannot be read: ${why}`);
  }
  const body = root.name === 'Envelope' ? find(root, 'Body') : null;
  if (!body) throw noSoap(host, `HTTP status ${status} and no SOAP`);
  return body;
}

function vimFault(fault: XmlNode): VimFault {
  const message = textAt(fault, 'faultstring') ?? '';
  const [detail] = find(fault, 'detail')?.children ?? [];
  const named = detail ? xsiType(detail) || detail.name.replace(/Fault$/, '') : '';
  const code = textAt(fault, 'faultcode') ?? '';
  return { type: named || code.slice(code.indexOf(':') + 1), message };
}

/** The fault of a task, or of one object among several: a `LocalizedMethodFault`. */
export const localizedFault = (error: XmlNode | null): VimFault => ({
  type: xsiType(find(error, 'fault')) || 'an unknown fault',
  message: textAt(error, 'localizedMessage') ?? '',
});

const noSoap = (host: Host, what: string) =>
  hostFault(
    host,
    'unexpected-answer',
    `it answered with ${what}`,
    'Look whether VMware’s API answers there: https://ADDRESS/sdk. After a boot it can take minutes.',
  );
