/** Of open(2), fork(2) and execve(2): too much is open, or goes on, on this computer. */
const tooManyFiles: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE']);
const tooMuch: ReadonlySet<string> = new Set(['EAGAIN', 'ENOMEM']);
const forbidden: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'ENOEXEC']);

/**
 * What the user can do about a program that could not be started.
 * @param code of the system's error, as ENOENT
 */
export function remedyForStart(code: string): string {
  if (tooManyFiles.has(code))
    return 'Too many files are open: look which program holds them, and raise the limit (LimitNOFILE of its service, or ulimit -n).';
  if (tooMuch.has(code)) return 'This computer has too little memory, or too many processes: look what takes them.';
  if (forbidden.has(code)) return 'Look whether it may be executed, and is a program for this computer.';
  return 'Look whether it is there, at this path; a script needs what its first line names, too.';
}
