import { connect } from 'node:net';

/**
 * Asks upsd on this machine again and again, and tells all variables whenever one has changed. What upsd refuses is told
 * as a variable `error`. @see https://networkupstools.org/docs/developer-guide.chunked/ar01s09.html
 */
export function watchNut(ups: string, everyMs: number, tell: (variables: Record<string, string>) => void): void {
  let last = '';
  const open = () => {
    const ask = () => socket.write(`LIST VAR ${ups}\n`);
    const socket = connect(3493, '127.0.0.1', ask);
    let received = '';
    socket.on('error', () => undefined);
    socket.on('close', () => setTimeout(open, 200));
    socket.setEncoding('utf8').on('data', (text) => {
      received += text;
      const end = /^(?:END LIST VAR .*|ERR (.*))\n$/m.exec(received);
      if (!end) return;
      const found = [...received.matchAll(/^VAR \S+ (\S+) "(.*)"$/gm)].map(([, name = '', value = '']) => [
        name,
        value,
      ]);
      const variables = end[1] === undefined ? Object.fromEntries(found) : { error: end[1] };
      received = '';
      const now = JSON.stringify(variables);
      if (now !== last) tell(variables);
      last = now;
      setTimeout(ask, everyMs);
    });
  };
  open();
}
