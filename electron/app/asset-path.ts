import { join, sep } from 'node:path';

export const scheme = 'app';
export const host = 'glidepath';
/** Where the window comes from. Nothing else is ever loaded, and nobody else may call. */
export const origin = `${scheme}://${host}`;

/** The file of `root` that a URL of ours means; null for any other URL and for a path that leaves the folder. */
export function assetPath(root: string, url: string): string | null {
  if (!URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (parsed.protocol !== `${scheme}:` || parsed.host !== host) return null;
  const path = decode(parsed.pathname);
  if (path === null || path.includes('\0') || path.includes('\\')) return null;
  const file = join(root, path === '' || path === '/' ? 'index.html' : path);
  return file.startsWith(root + sep) ? file : null;
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
