import type { ReactElement } from 'react';
import type { Host } from '../../shared/inventory.ts';
import { SelectInput, Tick } from '../parts/fields.tsx';
import { useSupplies } from '../supply/use-supplies.ts';
import { withFeed } from './fed-by-words.ts';
import styles from './setup.module.css';

const most = 8;

interface FedByProps {
  fedBy: Host['fedBy'];
  onChange: (fedBy: Host['fedBy']) => void;
}

/** Which UPSes feed a host. One that was forgotten meanwhile stays in the list while the host names it. */
export function FedBy({ fedBy, onChange }: FedByProps): ReactElement {
  const { all, nameOf } = useSupplies();
  const known = all.map(({ id }) => id);
  const gone = fedBy.upses.filter((id) => !known.includes(id));
  return (
    <fieldset className={styles.fieldset}>
      <legend>Fed by</legend>
      {known.length + gone.length === 0 && <p className={styles.soft}>No UPS is known yet.</p>}
      <div className={styles.form}>
        {[...known, ...gone].map((id) => (
          <Tick
            key={id}
            label={nameOf(id)}
            {...(gone.includes(id) ? { hint: 'Not known any more' } : {})}
            isSelected={fedBy.upses.includes(id)}
            isDisabled={!fedBy.upses.includes(id) && fedBy.upses.length >= most}
            onChange={(isFeeding) => onChange(withFeed(fedBy, id, isFeeding))}
          />
        ))}
      </div>
      {fedBy.upses.length === 0 && known.length > 0 && (
        <p className={styles.soft}>With none ticked it is taken to go down with any UPS.</p>
      )}
      {fedBy.upses.length > 1 && (
        <SelectInput
          label="To stay up it needs"
          value={fedBy.need}
          options={[
            { value: 'any', label: 'One of them is enough' },
            { value: 'all', label: 'All of them' },
          ]}
          onChange={(need) => onChange({ ...fedBy, need })}
        />
      )}
    </fieldset>
  );
}
