import { FaultError } from '../../../shared/fault.ts';
import type { Step } from '../../../shared/sequence.ts';
import { CannotTell } from '../checks/check.ts';
import { isRoot } from '../checks/privilege.ts';
import { hostFault } from '../host-fault.ts';
import { linux } from './linux.ts';
import type { Guest, GuestActs, Platform } from './platform.ts';
import type { Session } from './session.ts';
import { mayRunTool, patiently, runApart, runTool, type Tool, toolOf } from './tool.ts';

/** Podman takes the same words. */
const names = ['docker', 'podman'];

/**
 * One line for each container, marked as ours. Never `{{json .}}`: docker then measures the files of every container,
 * which takes minutes where there are many.
 * @see https://docs.docker.com/reference/cli/docker/container/ls/ (--format; --size)
 */
const list = "ps -a --no-trunc --format 'container {{.ID}} {{.Names}} {{.State}}'";

/**
 * Seconds after which `stop` would kill what has not stopped: 68 years, the most that a computer of 32 bits takes.
 * Whether something is killed, and when, is for the step to say; and a run that is cancelled must not leave a kill
 * behind. Podman does not know -1 everywhere.
 * @see https://docs.docker.com/reference/cli/docker/container/stop/ (--timeout)
 * @see https://docs.podman.io/en/latest/markdown/podman-stop.1.html (--time)
 */
const never = 2_147_483_647;

/**
 * States in which none of its processes runs; what is not known counts as on.
 * @see https://docs.docker.com/reference/api/engine/ (ContainerList: State)
 * @see https://github.com/containers/podman/blob/main/libpod/define/containerstate.go
 */
const off = new Set(['created', 'exited', 'dead', 'removing', 'stopped']);

/** Ids come from the host and from journals; nothing but hexadecimal digits ever becomes part of a command. */
function idOf({ id }: Guest): string {
  if (!/^[0-9a-f]{12,64}$/.test(id)) throw new Error(`not a container's id: ${JSON.stringify(id.slice(0, 70))}`);
  return id;
}

const engine = (session: Session): Promise<Tool> => {
  const { user } = session.host;
  return toolOf(session, names, `Add ${user} to the group docker there, or switch sudo on for the host.`);
};

async function listWith(session: Session, tool: Tool): Promise<Guest[]> {
  const printed = await runTool(session, tool, list, 'listing the containers');
  return printed
    .split('\n')
    .filter((line) => line.startsWith('container '))
    .map((line) => guestIn(session, line));
}

function guestIn({ host }: Session, line: string): Guest {
  const [, id, called, state] = /^container ([0-9a-f]{12,64}) (\S+) (\w+)/.exec(line) ?? [];
  if (id === undefined || called === undefined || state === undefined) {
    const what = `listing the containers printed “${line.slice(0, 200)}”`;
    throw hostFault(host, 'unexpected-answer', what, 'Docker from 20.10 on and Podman tell the state of a container.');
  }
  // Where others link to it, its names in them (`web/db`) stand beside its own. Old Podman says `Exited (0) ...`.
  const name = called.split(',').find((one) => !one.includes('/')) ?? called;
  return { id, name, on: !off.has(state.toLowerCase()) };
}

/** Why one container says no, while the others may not; without the host itself there is nothing to go on with. */
async function orWhy(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    const code = error instanceof FaultError ? error.fault.code : null;
    if (error instanceof FaultError && (code === 'command-failed' || code === 'not-allowed')) return error.fault.what;
    throw error;
  }
}

const example: Guest = { id: '0'.repeat(64), name: '', on: false };

const stop = (guest: Guest): string => `stop -t ${never} ${idOf(guest)}`;
const kill = (guests: readonly Guest[]): string => `kill ${guests.map(idOf).join(' ')}`;
const start = (guest: Guest): string => `start ${idOf(guest)}`;

/** What a step has the engine do for its guests. */
function wordsOf(step: Step): string[] {
  if (step.kind !== 'shut-down-guests') return [start(example)];
  return [stop(example), ...(step.force ? [kill([example])] : [])];
}

/**
 * The containers of one host. What is on is told by its list alone. A container that was stopped by hand does not come
 * back with the host, unless its restart policy is `always`: that one is on by itself.
 * @see https://docs.docker.com/engine/containers/start-containers-automatically/
 */
const containers: GuestActs = {
  words: { ask: 'docker stop', cut: 'docker kill', start: 'docker start' },
  agent: null,
  list: async (session) => listWith(session, await engine(session)),
  async shutDown(session, guest) {
    const words = stop(guest);
    // It ends with the container, and nobody waits for it.
    return orWhy(engine(session).then((tool) => runApart(session, tool, words, `asking ${guest.name} to stop`)));
  },
  async cut(session, guests) {
    const { command } = await engine(session);
    await session.run(`${command} ${kill(guests)}`);
  },
  async start(session, guest) {
    const words = start(guest);
    const tool = await engine(session);
    return patiently(session, 'the container engine', async () => {
      const why = await orWhy(runTool(session, tool, words, `starting ${guest.name.slice(0, 12)}`));
      if (why === null) return null;
      const known = (await listWith(session, tool)).find(({ id }) => id === guest.id);
      if (known === undefined) return `${guest.name.slice(0, 12)} is not there any more`;
      return known.on ? null : why;
    });
  },
  async mayManage(session, step) {
    const tool = await engine(session);
    await listWith(session, tool);
    return session.host.sudo ? mayRunTool(session, tool, wordsOf(step)) : bySight(session, tool);
  },
};

/** Who may see what Docker runs may do anything to it; Podman shows to each user what is theirs. */
async function bySight(session: Session, { path }: Tool): Promise<string> {
  const { user } = session.host;
  if (path.endsWith('podman') && !(await isRoot(session)))
    throw new CannotTell(`${path} shows ${user} its own containers only: those of root and of others are not seen`);
  return `${path} lets ${user} see the containers, and who may that may do all`;
}

/** Linux with containers. What powers it off stops those that are left, 10 s each unless they say otherwise. */
export const docker: Platform = {
  ...linux,
  guests: containers,
  harmless: [
    ...linux.harmless,
    /^(sudo -n )?(\/[\w./+-]*\/)?(docker|podman) ps -a --no-trunc --format 'container \{\{\.ID\}\} \{\{\.Names\}\} \{\{\.State\}\}'$/,
  ],
};
