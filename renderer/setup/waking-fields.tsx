import type { ReactElement } from 'react';
import type { Bmc } from '../../shared/inventory.ts';
import { NumberInput, SelectInput, TextInput, Tick } from '../parts/fields.tsx';
import { Fold } from '../plan/fold.tsx';
import { type BmcForm, type HostForm, splitWords } from './host-form.ts';
import styles from './setup.module.css';

type Waking = Pick<HostForm, 'macs' | 'secureOn' | 'bmc'>;

interface WakingFieldsProps {
  form: Waking;
  onChange: (change: Partial<Waking>) => void;
}

const noBmc: BmcForm = { protocol: 'redfish', address: '', port: null, user: '' };
const usualPorts: Readonly<Record<Bmc['protocol'], number>> = { redfish: 443, ipmi: 623 };

/** How a host that is off is switched on again: by packets to its network card, by its management controller, or both. */
export function WakingFields({ form, onChange }: WakingFieldsProps): ReactElement {
  const { macs, secureOn, bmc } = form;
  return (
    <Fold title="Waking" sentence={wakingSentence(form)}>
      <div className={styles.section}>
        <TextInput
          label="MAC addresses"
          value={macs}
          placeholder="00:11:22:33:44:55"
          hint="For wake-on-LAN; several with commas"
          mono
          onChange={(next) => onChange({ macs: next })}
        />
        <Tick
          label="Its network card wants a SecureOn password"
          hint="It is entered after the host is saved"
          isSelected={secureOn}
          onChange={(next) => onChange({ secureOn: next })}
        />
      </div>
      <div className={styles.section}>
        <SelectInput<Bmc['protocol'] | ''>
          label="Management controller"
          value={bmc?.protocol ?? ''}
          options={[
            { value: '', label: 'None' },
            { value: 'redfish', label: 'Redfish (iDRAC, iLO, XCC …)' },
            { value: 'ipmi', label: 'IPMI' },
          ]}
          {...(bmc ? { hint: 'Its password is entered after the host is saved' } : {})}
          onChange={(protocol) => onChange({ bmc: protocol === '' ? null : { ...(bmc ?? noBmc), protocol } })}
        />
        {bmc && <BmcFields bmc={bmc} onChange={(next) => onChange({ bmc: next })} />}
      </div>
    </Fold>
  );
}

function BmcFields({ bmc, onChange }: { bmc: BmcForm; onChange: (bmc: BmcForm) => void }): ReactElement {
  return (
    <>
      <TextInput
        label="Address of the controller"
        value={bmc.address}
        onChange={(address) => onChange({ ...bmc, address })}
      />
      <NumberInput
        label="Port of the controller"
        value={bmc.port}
        min={1}
        max={65535}
        whenEmpty={String(usualPorts[bmc.protocol])}
        onChange={(port) => onChange({ ...bmc, port })}
      />
      <TextInput label="User of the controller" value={bmc.user} onChange={(user) => onChange({ ...bmc, user })} />
    </>
  );
}

export function wakingSentence({ macs, secureOn, bmc }: Waking): string {
  const count = splitWords(macs).length;
  const ways = [
    count > 0 && `by wake-on-LAN${secureOn ? ' with a SecureOn password' : ''}`,
    bmc && `by its management controller (${bmc.protocol === 'ipmi' ? 'IPMI' : 'Redfish'})`,
  ].filter((each) => typeof each === 'string');
  return ways.length === 0 ? 'it cannot be woken.' : `${ways.join(' and ')}.`;
}
