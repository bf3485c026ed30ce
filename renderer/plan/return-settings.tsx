import type { ReactElement } from 'react';
import type { Sequence } from '../../shared/sequence.ts';
import { NumberInput } from '../parts/fields.tsx';
import { duration, unit } from '../parts/format.ts';
import { edit } from '../store/draft.ts';
import { Fold } from './fold.tsx';
import styles from './settings.module.css';

export function ReturnSettings({ returnWhen }: { returnWhen: Sequence['returnWhen'] }): ReactElement {
  const change = (next: Partial<Sequence['returnWhen']>, mark: string) =>
    edit({ type: 'return-when', returnWhen: { ...returnWhen, ...next } }, `return ${mark}`);
  const sentence = `when mains has been stable for ${duration(returnWhen.stableSeconds)} and the battery is charged to ${unit(returnWhen.charge, '%')}.`;
  return (
    <Fold title="Begins" sentence={sentence}>
      <div className={styles.group}>
        <NumberInput
          label="Mains stable for, s"
          value={returnWhen.stableSeconds}
          min={0}
          max={7200}
          onChange={(stableSeconds) => stableSeconds !== null && change({ stableSeconds }, 'stable')}
        />
        <NumberInput
          label="Charged to, %"
          value={returnWhen.charge}
          min={0}
          max={100}
          onChange={(charge) => charge !== null && change({ charge }, 'charge')}
        />
      </div>
    </Fold>
  );
}
