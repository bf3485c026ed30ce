import { z } from 'zod';

const schema = z.object({ GLIDEPATH_USB_KERNEL: z.string(), GLIDEPATH_USB_INITRAMFS: z.string() });
const machineSchema = z.object({ GLIDEPATH_USB_KERNEL: z.string(), GLIDEPATH_REAL_MACHINE: z.string() });

export const hasImage = (): boolean => schema.safeParse(process.env).success;

/** What `npm run test:usb` has prepared. */
export function image(): { kernel: string; initramfs: string } {
  const found = schema.safeParse(process.env);
  if (!found.success) throw new Error('There is no virtual machine: run this with `npm run test:usb`.');
  return { kernel: found.data.GLIDEPATH_USB_KERNEL, initramfs: found.data.GLIDEPATH_USB_INITRAMFS };
}

/** The server that `npm run test:usb` has prepared. */
export function machineImage(): { kernel: string; machine: string } {
  const found = machineSchema.safeParse(process.env);
  if (!found.success) throw new Error('There is no server: run this with `npm run test:usb`.');
  return { kernel: found.data.GLIDEPATH_USB_KERNEL, machine: found.data.GLIDEPATH_REAL_MACHINE };
}
