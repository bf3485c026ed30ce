const envelope = (inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${inner}</soapenv:Body></soapenv:Envelope>`;

const answered = (method: string, returned: string): string =>
  envelope(`<${method}Response xmlns="urn:vim25">${returned}</${method}Response>`);

const references = [
  ['rootFolder', 'Folder', 'ha-folder-root'],
  ['propertyCollector', 'PropertyCollector', 'ha-property-collector'],
  ['viewManager', 'ViewManager', 'ViewManager'],
  ['sessionManager', 'SessionManager', 'ha-sessionmgr'],
].map(([name, type, id]) => `<${name} type="${type}">${id}</${name}>`);

/**
 * What an honest ESXi host answers to the few methods that a hostile one is asked.
 * @see https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/
 */
export const honestBodies: Readonly<Record<string, string>> = {
  RetrieveServiceContent: answered(
    'RetrieveServiceContent',
    `<returnval>${references.join('')}<about><fullName>VMware ESXi 8.0.2</fullName><apiType>HostAgent</apiType></about></returnval>`,
  ),
  Login: answered('Login', '<returnval><key>52</key><userName>root</userName></returnval>'),
  CurrentTime: answered('CurrentTime', '<returnval>2026-11-22T12:00:00Z</returnval>'),
  ShutdownHost_Task: answered('ShutdownHost_Task', '<returnval type="Task">haTask-1</returnval>'),
  Logout: answered('Logout', ''),
};

/** A server that says no, in the words of the protocol. @see https://www.w3.org/TR/2000/NOTE-SOAP-20000508/ (4.4 SOAP Fault) */
export const faultBody = (type: string, message: string): string =>
  envelope(
    `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${message}</faultstring><detail><${type}Fault xsi:type="${type}"/></detail></soapenv:Fault>`,
  );
