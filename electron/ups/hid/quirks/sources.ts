/** Where facts about devices come from, shortened. One commit each, so that the lines stay what they were. */
const nut = 'https://github.com/networkupstools/nut/blob/6c63f7745ab5/drivers/';

export const nutDriver = (file: string): string => `${nut}${file}`;
export const nutIssue = (number: number): string => `https://github.com/networkupstools/nut/issues/${number}`;
export const apcupsd = 'https://github.com/therealbstern/apcupsd/blob/224d19d5faa5/src/drivers/usb/usb.c';
