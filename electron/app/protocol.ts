import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { protocol } from 'electron';
import type { Log } from '../storage/log.ts';
import { assetPath, scheme } from './asset-path.ts';
import { contentSecurityPolicy } from './csp.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * Makes app:// a scheme with an origin of its own, as https has. To be called by the main module while it is being
 * loaded (at its top level, also behind an `await` there). Later than that Electron may be ready, and refuses.
 */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true } }]);
}

/** Serves the files of `root` as app://glidepath/, and nothing else. */
export function serveAssets(root: string, log: Log): void {
  protocol.handle(scheme, async (request) => {
    const file = request.method === 'GET' ? assetPath(root, request.url) : null;
    const type = file && types[extname(file)];
    const body = file && type ? await readFile(file).catch(() => null) : null;
    if (!body || !type) {
      log.error(`the window asked for ${request.url.slice(0, 200)}, which is not in ${root}`);
      return new Response('not found', { status: 404 });
    }
    return new Response(new Uint8Array(body), {
      headers: {
        'content-type': type,
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      },
    });
  });
}
