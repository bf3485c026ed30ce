const start = '#< CLIXML';

/** Characters that are looked through: what begins an error and never ends it is sought to the end each time. */
const longest = 20_000;

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * What PowerShell printed as errors, for people: a script that was given encoded has them written as XML, with
 * characters outside of XML as `_x000D_`.
 * @see https://learn.microsoft.com/openspecs/windows_protocols/ms-psrp/ (2.2.5.3.2 Encoding Strings)
 */
export function readableErrors(stderr: string): string {
  const at = stderr.indexOf(start);
  if (at === -1) return stderr.trim();
  const errors = [...stderr.slice(at, at + longest).matchAll(/<S S="Error">([\s\S]*?)<\/S>/g)].map(([, text = '']) =>
    text
      .replace(/&(?:#x([0-9a-f]{1,4})|#(\d{1,5})|(\w+));/gi, (all, hex, number, name) =>
        hex || number ? String.fromCharCode(hex ? Number.parseInt(hex, 16) : Number(number)) : (named[name] ?? all),
      )
      .replace(/_x([0-9a-f]{4})_/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
  return `${stderr.slice(0, at)}${errors.join('')}`.replace(/\s+/g, ' ').trim();
}
