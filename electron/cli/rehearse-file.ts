import { FaultError } from '../../shared/fault.ts';
import { thisComputer } from '../../shared/this-computer.ts';
import { addressBook } from '../brain/address-book.ts';
import { hostsHash } from '../brain/host-edits.ts';
import { whyNoRehearsal } from '../brain/rehearsal-rule.ts';
import { systemClock } from '../brain/system-clock.ts';
import { expand } from '../core/plan/expand.ts';
import { rehearse } from '../core/rehearsal.ts';
import { sequenceHash } from '../storage/sequence-hash.ts';
import { stepTable } from '../targets/kinds/table.ts';
import { resolveName } from '../targets/resolve-name.ts';
import { SoapPool } from '../targets/soap/pool.ts';
import { SshPool } from '../targets/ssh/pool.ts';
import { askController, type FolderDeps, folderOf, secretsOf } from './controlled-folder.ts';
import { exitCodes } from './exit-codes.ts';
import { lookOut } from './look-out.ts';
import { rehearsalText } from './rehearsal-text.ts';
import { seenOrders } from './seen-orders.ts';
import { readSequence } from './stored-folder.ts';

export interface RehearseDeps extends FolderDeps {
  print(text: string): void;
  /** Aborted when the user has had enough. */
  signal(): AbortSignal;
}

/**
 * Rehearses a sequence, and prints the report; gives the exit code. A run and an outage break it off, as far as the
 * controller of the folder tells of them.
 * @throws FaultError
 */
export async function rehearseFile(file: string, deps: RehearseDeps): Promise<number> {
  const sequence = await readSequence(file);
  const live = await askController(deps);
  const { hosts, expected } = await folderOf(deps, live);
  const status = live?.slices.status ?? null;
  const why = whyNoRehearsal(live?.slices.run ?? null, status?.powers ?? []);
  if (why !== null) throw notNow(why);
  const notifier = { notify: () => undefined };
  const secrets = secretsOf(deps);
  const host = (id: string) => hosts.find((each) => each.id === id) ?? null;
  const addresses = addressBook({
    dataFolder: deps.dataFolder,
    log: { warn: deps.say },
    clock: systemClock,
    resolve: resolveName,
    hosts: () => hosts,
    powers: () => status?.powers ?? [],
  });
  const shell = new SshPool(secrets, systemClock, { hosts: host, addresses });
  const soap = new SoapPool(secrets, systemClock, addresses);
  const breakOff = new AbortController();
  const stopLooking = lookOut(deps, (reason) => breakOff.abort(reason));
  const rehearsal = await rehearse({
    plan: { sequence, hash: sequenceHash(sequence) },
    compiled: expand(sequence, hosts),
    hosts,
    hostsHash: hostsHash(sequence, [...hosts]),
    steps: stepTable({
      clock: systemClock,
      notifier,
      shell,
      soap,
      look: shell.look,
      addresses,
      hosts: host,
      own: () => thisComputer(hosts),
      secrets,
      orders: seenOrders(live?.slices ?? null),
      wakeTo: [],
    }),
    clock: systemClock,
    expected,
    runtimeLeft: status?.margin.runtimeLeft ?? null,
    cause: 'by-hand',
    signal: AbortSignal.any([deps.signal(), breakOff.signal]),
    progress: () => undefined,
  });
  stopLooking();
  // Nothing waits for its connections to be idle.
  shell.close();
  await soap.close();
  deps.print(rehearsalText(rehearsal));
  const isWell = rehearsal.brokenOff === null && rehearsal.steps.every(({ verdict }) => verdict !== 'fails');
  return isWell ? exitCodes.well : exitCodes.fault;
}

function notNow(what: string): FaultError {
  return new FaultError({ code: 'refused', what, where: 'rehearsal', remedy: 'Rehearse when it is over.' });
}
