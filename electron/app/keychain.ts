import { safeStorage } from 'electron';
import { FaultError } from '../../shared/fault.ts';
import type { Encryption } from '../storage/secrets.ts';

/**
 * The operating system's keychain, through Electron. To be made when Electron is ready. The synchronous calls are
 * announced to go with Electron 46, older ones have no others. Data of either is read by both.
 * @see https://www.electronjs.org/docs/latest/api/safe-storage
 */
export function electronKeychain(): Encryption {
  const strong = process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
  // Without a keyring Electron encrypts only when told to use a key of its own. The user is shown that it is weak.
  if (!strong) safeStorage.setUsePlainTextEncryption(true);
  const hasAsync = typeof safeStorage.encryptStringAsync === 'function';

  async function requireAvailable(): Promise<void> {
    const available = hasAsync ? await safeStorage.isAsyncEncryptionAvailable() : safeStorage.isEncryptionAvailable();
    if (available) return;
    throw new FaultError({
      code: 'refused',
      what: 'The keychain of this computer cannot be used, and secrets are not kept in plain text.',
      where: 'keychain',
      remedy: 'Unlock the keychain, or install one, and try again.',
    });
  }

  return {
    isStrong: () => strong,
    async encrypt(text) {
      await requireAvailable();
      return hasAsync ? safeStorage.encryptStringAsync(text) : safeStorage.encryptString(text);
    },
    async decrypt(data) {
      await requireAvailable();
      return hasAsync ? (await safeStorage.decryptStringAsync(data)).result : safeStorage.decryptString(data);
    },
  };
}
