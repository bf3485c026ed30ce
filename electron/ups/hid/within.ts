/** A native call that does not come back: it holds a thread of the pool for good, so this process has no future. */
export class StuckError extends Error {
  override readonly name = 'StuckError';
}

/** The result of a native call, or a StuckError after `ms`. */
export async function within<T>(ms: number, what: string, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new StuckError(`${what} has not ended within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
