import { type Fault, FaultError, toFault } from '../../shared/fault.ts';
import { type DecodedProfile, decodeProfile } from '../ups/hid/decode-profile.ts';
import { readTextFile } from './text-file.ts';

/**
 * The values in a profile's captured reports, as one JSON object.
 * @throws FaultError naming the file and the place in it
 */
export async function decode(descriptorPath: string, profilePath: string): Promise<string> {
  const descriptor = await readTextFile(descriptorPath);
  const profile = await readTextFile(profilePath);
  const decoded = inFiles(descriptorPath, profilePath, () => decodeProfile(descriptor, profile));
  requireSense(decoded, descriptorPath, profilePath);
  return `${JSON.stringify(decoded, null, 2)}\n`;
}

/** What is decoded knows nothing of files: a fault in it gets the name of the one that is meant. */
function inFiles<T>(descriptorPath: string, profilePath: string, perform: () => T): T {
  try {
    return perform();
  } catch (error) {
    const fault = toFault(error, descriptorPath);
    throw new FaultError(fault.code === 'ups-bad-descriptor' ? badDescriptor(fault, descriptorPath) : located(fault));
  }

  function located(fault: Fault): Fault {
    const where = fault.where.replace(/^descriptor\b/, () => descriptorPath).replace(/^profile\b/, () => profilePath);
    return { ...fault, where };
  }
}

function badDescriptor(fault: Fault, where: string): Fault {
  return { ...fault, where, remedy: 'Check that the file has the whole report descriptor and nothing else.' };
}

/** Files that are in order each for itself, but tell nothing of a UPS. @throws FaultError */
function requireSense({ fields }: DecodedProfile, descriptorPath: string, profilePath: string): void {
  if (!fields.some(({ path }) => path === 'UPS' || path.startsWith('UPS.'))) {
    throw new FaultError({
      code: 'ups-bad-descriptor',
      what: 'There is no UPS in it: it has no application collection 0x84/0x04',
      where: descriptorPath,
      remedy: 'Give the report descriptor of a UPS.',
    });
  }
  if (fields.every(({ raw }) => raw === null)) {
    throw new FaultError({
      code: 'invalid-input',
      what: 'It has no "# report" line with bytes of a report that the descriptor knows',
      where: profilePath,
      remedy: 'Give lines such as "# report 0c 64": the id and the bytes of each report, in hexadecimal.',
    });
  }
}
