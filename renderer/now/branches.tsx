import type { ReactElement } from 'react';
import type { BranchMargin } from '../../shared/view.ts';
import { Fact } from '../parts/fact.tsx';
import { duration, notReported } from '../parts/format.ts';
import { useSlice } from '../store/live.ts';
import { listed } from '../supply/supply-names.ts';
import { useSupplies } from '../supply/use-supplies.ts';
import styles from './branches.module.css';
import { feedWords } from './feed-words.ts';

/** The margin of each group of hosts that is fed alike; one group alone is what the bars show already. */
export function Branches(): ReactElement | null {
  const { branches } = useSlice('status');
  const hosts = useSlice('hosts').hosts.map(({ host }) => host);
  const { nameOf } = useSupplies();
  if (branches.length < 2) return null;
  const hostName = (id: string) => hosts.find((host) => host.id === id)?.name ?? id;
  return (
    <table className={styles.branches} aria-label="Margin by what feeds the hosts">
      <thead>
        <tr>
          <th scope="col">Hosts</th>
          <th scope="col">Fed by</th>
          <th scope="col">Lasts</th>
          <th scope="col">Needs</th>
          <th scope="col">Margin</th>
        </tr>
      </thead>
      <tbody>
        {branches.map((branch) => (
          <tr key={branch.hostIds.join(' ')}>
            <th scope="row">{listed(branch.hostIds.map(hostName), 4)}</th>
            <td data-label="Fed by">
              {feedWords(branch, hosts, nameOf)}
              {branch.failing && <Fact tone="warn" icon="battery" words="failing" />}
            </td>
            <td className={styles.number} data-label="Lasts">
              {branch.runtimeLeft === null ? notReported : duration(branch.runtimeLeft)}
            </td>
            <td className={styles.number} data-label="Needs">
              {duration(branch.needs)}
            </td>
            <td data-label="Margin">
              <Margin branch={branch} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Margin({ branch: { spare } }: { branch: BranchMargin }): ReactElement {
  if (spare === null) return <Fact tone="calm" icon="question" words="not known" />;
  return spare >= 0 ? (
    <Fact tone="good" icon="check" words={`${duration(spare)} to spare`} />
  ) : (
    <Fact tone="bad" icon="alert" words={`${duration(-spare)} too long`} />
  );
}
