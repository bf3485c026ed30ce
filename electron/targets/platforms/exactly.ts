/** Matches this very command and no other. */
export const exactly = (command: string): RegExp => new RegExp(`^${command.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);
