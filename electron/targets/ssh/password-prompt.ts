/** Characters of a prompt that a person could be meant to read; nothing longer is looked through. */
const longest = 300;

/**
 * Whether a keyboard-interactive prompt asks for the password and for nothing else: `Password: ` (PAM, ESXi),
 * `Password for root@esxi:` (FreeBSD), `(root@host) Password: `. A one-time code, or the new password that an
 * expired one asks for, must not be answered with the password.
 * @see https://www.rfc-editor.org/rfc/rfc4256 section 3.2
 */
export function asksForPassword(prompt: string): boolean {
  if (prompt.length > longest) return false;
  if (/\b(new|old|current|expired|one[- ]?time|otp|again|re-?(?:type|enter))\b/i.test(prompt)) return false;
  return /\bpassword\b(?: for [^:]{1,200})?\s*:?\s*$/i.test(prompt);
}
