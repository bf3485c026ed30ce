import { type ReactElement, useState } from 'react';
import type { KnownSupply } from '../../shared/supplies.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { TextInput, Tick } from '../parts/fields.tsx';
import { say } from '../store/ui.ts';
import { useSending } from './use-sending.ts';

export function SupplyDialog({ supply, onClose }: { supply: KnownSupply; onClose: () => void }): ReactElement {
  const [name, setName] = useState(supply.name);
  const [commandsAllowed, setAllowed] = useState(supply.commandsAllowed);
  const [dischargeIsOutage, setOutage] = useState(supply.dischargeIsOutage ?? false);
  const { isBusy, fault, send } = useSending();
  const isChanged =
    name !== supply.name ||
    commandsAllowed !== supply.commandsAllowed ||
    dischargeIsOutage !== (supply.dischargeIsOutage ?? false);
  const save = async () => {
    const { dischargeIsOutage: _old, ...rest } = supply;
    const meaning = dischargeIsOutage ? { dischargeIsOutage } : {};
    if (!(await send('ups.save', { supply: { ...rest, ...meaning, name: name.trim(), commandsAllowed } }))) return;
    say(`${name.trim()} saved.`);
    onClose();
  };
  const actions = (
    <>
      <Button label="Cancel" onPress={onClose} />
      <Button
        label="Save UPS"
        acts
        look="main"
        isDisabled={name.trim() === ''}
        onPress={() => !isBusy && void save()}
      />
    </>
  );
  return (
    <Dialog title={`Edit ${supply.name}`} onClose={onClose} actions={actions} fault={fault} isChanged={isChanged}>
      <TextInput label="Name" value={name} onChange={setName} />
      <Tick
        label="Allow commands to this UPS"
        hint="Tests, its beeper, and switching its outlets off. Without this Glidepath only reads it."
        isSelected={commandsAllowed}
        onChange={setAllowed}
      />
      <Tick
        label="It is on battery whenever it discharges"
        hint="For a UPS that goes on saying “on mains” when the mains have failed, as CyberPower's UT series. With others a calibration would look like an outage."
        isSelected={dischargeIsOutage}
        onChange={setOutage}
      />
    </Dialog>
  );
}
