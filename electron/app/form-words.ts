import type { RequestName } from '../../shared/ipc.ts';
import { type HostKind, platforms } from '../../shared/platforms.ts';

/** What a form of the window calls the fields of a request, and what it is about. */
interface FormWords {
  /** The thing that the form is about, as the user calls it; empty: not said. */
  subject(input: unknown): string;
  /** By place in the input, without the numbers in lists. What is not here stands in no field. */
  fields(input: unknown): Readonly<Record<string, string>>;
}

/** What stands there as text; empty: nothing does. The input has not been parsed: it may be anything. */
function textAt(input: unknown, ...path: (string | number)[]): string {
  let found = input;
  for (const part of path) found = Object(found)[part];
  return typeof found === 'string' ? found.trim().slice(0, 100) : '';
}

const isKind = (kind: string): kind is HostKind => Object.hasOwn(platforms, kind);

function hostFields(input: unknown): Readonly<Record<string, string>> {
  const kind = textAt(input, 'host', 'kind');
  const isSoap = isKind(kind) && platforms[kind].by === 'soap';
  return {
    'host.id': 'Name',
    'host.name': 'Name',
    'host.kind': 'Kind',
    'host.address': 'Address',
    'host.port': isSoap ? 'HTTPS port' : 'SSH port',
    'host.user': 'User',
    'host.login': 'Signs in with',
    'host.jump': 'Reached through',
    'host.powerOffCommand': 'Power off command',
    'host.macs': 'MAC addresses',
    'host.bmc.address': 'Address of the controller',
    'host.bmc.port': 'Port of the controller',
    'host.bmc.user': 'User of the controller',
    'host.fedBy': 'Fed by',
    'host.tags': 'Tags',
    'host.uses': 'Cannot work without',
    'host.runsOn': 'Runs on',
  };
}

const stageFields = (stages: string): Record<string, string> => ({
  [`${stages}.name`]: 'Name',
  [`${stages}.parallel`]: 'Steps at once',
  [`${stages}.when`]: 'Only if',
  [`${stages}.steps.limit`]: 'Limit, s',
  [`${stages}.steps.retries`]: 'Retries',
  [`${stages}.steps.after`]: 'Waits first, s',
  [`${stages}.steps.when`]: 'Only if',
  [`${stages}.steps.target`]: 'Target',
  [`${stages}.steps.command`]: 'Command',
  [`${stages}.steps.proof`]: 'Proven by this command',
  [`${stages}.steps.seconds`]: 'Seconds',
  [`${stages}.steps.message`]: 'Message',
  [`${stages}.steps.delay`]: 'Turns off after, s',
  [`${stages}.steps.guests`]: 'Which guests',
});

const ofPlan: FormWords = {
  subject: (input) => textAt(input, 'sequence', 'name') || 'plan',
  fields: () => ({
    'sequence.name': 'Name of the plan',
    ...stageFields('sequence.stages'),
    ...stageFields('sequence.returnStages'),
  }),
};

const ofChannel = (input: unknown): string => textAt(input, 'channel', 'name') || 'channel';

/** The requests behind which a form stands. A secret is never quoted: only what its field is called. */
export const formWords: Partial<Readonly<Record<RequestName, FormWords>>> = {
  'hosts.save': { subject: (input) => textAt(input, 'host', 'name') || 'host', fields: hostFields },
  'hosts.setSecret': {
    subject: (input) => textAt(input, 'id'),
    fields: () => ({ secret: 'Private key or password', passphrase: 'Passphrase, if it has one' }),
  },
  'servers.save': {
    subject: (input) => textAt(input, 'server', 'address') || 'server',
    fields: () => ({ 'server.address': 'Address', 'server.port': 'Port', 'server.user': 'User' }),
  },
  'servers.readCertificate': {
    subject: (input) => textAt(input, 'address') || 'server',
    fields: () => ({ address: 'Address', port: 'Port' }),
  },
  'servers.setPassword': { subject: (input) => textAt(input, 'id'), fields: () => ({ password: 'Password' }) },
  'channels.save': {
    subject: ofChannel,
    fields: () => ({
      'channel.id': 'Name',
      'channel.name': 'Name',
      'channel.categories': 'Tells of',
      'channel.origin': 'URL',
      'channel.server': 'Mail server',
      'channel.port': 'Port',
      'channel.user': 'User',
      'channel.from': 'From',
      'channel.to': 'To',
      'channel.program': 'Program',
      'channel.arguments': 'Arguments',
    }),
  },
  'channels.setSecret': {
    subject: (input) => textAt(input, 'id'),
    fields: () => ({ secret: 'URL or password', token: 'Token, if it wants one' }),
  },
  'ups.save': {
    subject: (input) => textAt(input, 'supply', 'name') || 'UPS',
    fields: () => ({ 'supply.name': 'Name' }),
  },
  'plan.check': ofPlan,
  'plan.save': ofPlan,
  'plan.simulate': ofPlan,
};
