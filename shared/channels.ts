import { z } from 'zod';
import { idSchema, nameSchema } from './id.ts';
import { addressSchema } from './inventory.ts';
import { noticeCategorySchema } from './notices.ts';

/** As SMTP takes it without extensions, and without what would need quotes. */
const mailAddressSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, 'an e-mail address');

/**
 * Scheme, host and port of a URL, as "https://hooks.example.com"; null when it is none that can be posted to. The rest
 * of a webhook's URL is as good as a password and stands in no file.
 */
export function originOf(url: string): string | null {
  try {
    const { protocol, origin } = new URL(url);
    return protocol === 'https:' || protocol === 'http:' ? origin : null;
  } catch {
    return null;
  }
}

const common = {
  id: idSchema,
  name: nameSchema,
  /** Which notices it tells. What a step of the kind `notify` says is told besides. */
  categories: z
    .array(noticeCategorySchema)
    .max(noticeCategorySchema.options.length)
    .refine((list) => new Set(list).size === list.length, 'a category is named twice'),
};

/** A POST to a URL, which is kept in the keychain, with a token if it wants one. */
export const webhookChannelSchema = z.strictObject({
  ...common,
  kind: z.literal('webhook'),
  /** Who reads it, and so the shape of what is sent. `json`: anybody, in our own words. */
  shape: z.enum(['json', 'ntfy', 'slack', 'discord', 'teams']),
  /** What of the URL is no secret. `http:` goes in the clear. */
  origin: z
    .string()
    .max(300)
    .refine((text) => originOf(text) === text, 'a scheme and a host, as https://hooks.example.com'),
});
export type WebhookChannel = z.infer<typeof webhookChannelSchema>;

/** A mail by SMTP. The password, if the server wants one, is in the keychain. */
export const mailChannelSchema = z.strictObject({
  ...common,
  kind: z.literal('mail'),
  server: addressSchema,
  port: z.int().min(1).max(65535).default(587),
  /** `tls`: from the first byte (465); `starttls`: before anything is said (587), or not at all; `none`: in the clear. */
  security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
  /** Empty: no login. */
  user: z.string().trim().max(200),
  from: mailAddressSchema,
  to: z.array(mailAddressSchema).min(1).max(10),
});
export type MailChannel = z.infer<typeof mailChannelSchema>;

/**
 * A program on this computer. It is run without a shell, with title and text on its standard input, and in
 * GLIDEPATH_TITLE, GLIDEPATH_BODY and GLIDEPATH_URGENCY.
 */
export const commandChannelSchema = z.strictObject({
  ...common,
  kind: z.literal('command'),
  /** With its folder, so that nothing else of that name is run. */
  program: z
    .string()
    .trim()
    .max(1000)
    .regex(/^(\/|[A-Za-z]:[\\/])[^\p{Cc}]+$/u, 'a program with its whole path'),
  arguments: z
    .array(
      z
        .string()
        .max(1000)
        .regex(/^[^\0]*$/, 'without NUL'),
    )
    .max(50)
    .default([]),
});
export type CommandChannel = z.infer<typeof commandChannelSchema>;

/** A way on which notices go out besides the desktop. */
export const channelSchema = z.discriminatedUnion('kind', [
  webhookChannelSchema,
  mailChannelSchema,
  commandChannelSchema,
]);
export type Channel = z.infer<typeof channelSchema>;

/** As many as a step of the kind `notify` can name. */
export const mostChannels = 20;

export const channelsSchema = z
  .strictObject({
    format: z.literal('glidepath-channels'),
    version: z.literal(1),
    channels: z.array(channelSchema).max(mostChannels),
  })
  .superRefine((file, context) => {
    const seen = new Set<string>();
    file.channels.forEach(({ id }, index) => {
      if (seen.has(id))
        context.addIssue({ code: 'custom', message: `the id "${id}" is used twice`, path: ['channels', index, 'id'] });
      seen.add(id);
    });
  });
export type ChannelsFile = z.infer<typeof channelsSchema>;

export const emptyChannels: ChannelsFile = { format: 'glidepath-channels', version: 1, channels: [] };
