import { type ReactElement, useEffect, useState } from 'react';
import type { Fault } from '../../shared/fault.ts';
import type { Detail } from '../../shared/reading.ts';
import { ask } from '../bridge/bridge.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { TextInput } from '../parts/fields.tsx';
import { count, timeOfDay } from '../parts/format.ts';
import { say } from '../store/ui.ts';
import { DetailsTable } from './details-table.tsx';
import { detailsText, filterDetails } from './details-text.ts';
import styles from './supply.module.css';

interface DetailsDialogProps {
  upsId: string;
  name: string;
  onClose: () => void;
}

type Got = { at: number; details: Detail[] } | { fault: Fault };

/** Everything that a UPS tells, as it tells it. Read when it is opened, and again only when it is asked for. */
export function DetailsDialog({ upsId, name, onClose }: DetailsDialogProps): ReactElement {
  const [got, setGot] = useState<Got | null>(null);
  const [isReading, setReading] = useState(true);
  const [filter, setFilter] = useState('');
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let isOpen = true;
    setReading(true);
    void ask('ups.details', { upsId }).then((answer) => {
      if (!isOpen) return;
      setReading(false);
      setGot(answer.ok ? { at: Date.now(), details: answer.value } : { fault: answer.fault });
      if (asked > 0) say(answer.ok ? 'Read again.' : answer.fault.what);
    });
    return () => {
      isOpen = false;
    };
  }, [upsId, asked]);
  const all = got && 'details' in got ? got.details : [];
  const shown = filterDetails(all, filter);
  const actions = (
    <>
      <CopyButton key={asked} label="Copy" text={() => detailsText(shown)} isDisabled={shown.length === 0} />
      <Button label="Read again" isDisabled={isReading} onPress={() => setAsked(asked + 1)} />
      <Button label="Close" look="main" onPress={onClose} />
    </>
  );
  return (
    <Dialog title={`What ${name} says`} onClose={onClose} actions={actions} isWide>
      {got === null && <p className={styles.soft}>Reading…</p>}
      {got && 'fault' in got && <FaultBox fault={got.fault} />}
      {got && 'details' in got && (
        <>
          <div className={styles.filter}>
            <TextInput label="Filter" value={filter} placeholder="voltage" onChange={setFilter} />
            <p className={styles.soft} role="status">
              {`${shown.length === all.length ? count(all.length, 'entry', 'entries') : `${shown.length} of ${count(all.length, 'entry', 'entries')}`}, read at ${timeOfDay(got.at)}`}
            </p>
          </div>
          {shown.length > 0 && <DetailsTable details={shown} />}
        </>
      )}
    </Dialog>
  );
}
