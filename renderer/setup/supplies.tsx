import { type ReactElement, useState } from 'react';
import { assertNever } from '../../shared/assert-never.ts';
import type { KnownSupply } from '../../shared/supplies.ts';
import { FaultBox } from '../parts/fault-box.tsx';
import { fileName } from '../parts/format.ts';
import page from '../parts/page.module.css';
import { useSlice } from '../store/live.ts';
import { DetailsDialog } from '../supply/details-dialog.tsx';
import { ForgetDialog } from './forget-dialog.tsx';
import styles from './setup.module.css';
import { SupplyDialog } from './supply-dialog.tsx';
import { SupplyRow } from './supply-row.tsx';
import { useKeptPlace } from './use-kept-place.ts';

/** The dialogs of this section: one at a time, or none. */
export interface SupplyPopup {
  type: 'edit' | 'details' | 'forget';
  supply: KnownSupply;
}

/** The UPSes of the rack: found by themselves, missed when they are not there. */
export function Supplies(): ReactElement {
  const { known, refused } = useSlice('supplies');
  const { powers, trouble } = useSlice('status');
  const [popup, setPopup] = useState<SupplyPopup | null>(null);
  return (
    <section className={page.card} aria-labelledby="supplies-title" {...useKeptPlace()}>
      <header className={styles.head}>
        <h2 id="supplies-title">UPSes</h2>
      </header>
      {refused && (
        <FaultBox fault={refused.fault} title={`${fileName(refused.file)} was not taken; it is kept as it is`} />
      )}
      {trouble && <FaultBox fault={trouble} />}
      {known.length === 0 && (
        <p className={styles.soft}>No UPS yet. One on a USB cable is found by itself; for others add their server.</p>
      )}
      {known.length > 0 && (
        <ul>
          {known.map((supply) => (
            <SupplyRow
              key={supply.id}
              supply={supply}
              power={powers.find(({ ups }) => ups.id === supply.id) ?? null}
              onPopup={setPopup}
            />
          ))}
        </ul>
      )}
      {popup && <Popup popup={popup} onClose={() => setPopup(null)} />}
    </section>
  );
}

function Popup({ popup: { type, supply }, onClose }: { popup: SupplyPopup; onClose: () => void }): ReactElement {
  switch (type) {
    case 'edit':
      return <SupplyDialog supply={supply} onClose={onClose} />;
    case 'details':
      return <DetailsDialog upsId={supply.id} name={supply.name} onClose={onClose} />;
    case 'forget':
      return <ForgetDialog supply={supply} onClose={onClose} />;
    default:
      return assertNever(type, 'UPS popup');
  }
}
