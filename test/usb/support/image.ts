import { z } from 'zod';

const schema = z.object({ GLIDEPATH_USB_KERNEL: z.string(), GLIDEPATH_USB_INITRAMFS: z.string() });

export const hasImage = (): boolean => schema.safeParse(process.env).success;

/** What `npm run test:usb` has prepared. */
export function image(): { kernel: string; initramfs: string } {
  const found = schema.safeParse(process.env);
  if (!found.success) throw new Error('There is no virtual machine: run this with `npm run test:usb`.');
  return { kernel: found.data.GLIDEPATH_USB_KERNEL, initramfs: found.data.GLIDEPATH_USB_INITRAMFS };
}
