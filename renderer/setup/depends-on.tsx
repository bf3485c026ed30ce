import type { ReactElement } from 'react';
import type { Host } from '../../shared/inventory.ts';
import { platforms } from '../../shared/platforms.ts';
import { SelectInput, Tick } from '../parts/fields.tsx';
import type { HostForm } from './host-form.ts';
import { mayBeThisComputer } from './host-kinds.ts';
import styles from './setup.module.css';

type Dependence = Pick<HostForm, 'kind' | 'uses' | 'runsOn' | 'isThisComputer'>;

interface DependsOnProps {
  form: Dependence;
  others: readonly Host[];
  onChange: (change: Partial<Dependence>) => void;
}

const most = 20;

/** A vCenter has guests, but they run on its hosts. */
const carriesGuests = ({ kind }: Host): boolean => platforms[kind].guests !== null && platforms[kind].isMachine;

/** What a host cannot work without: it goes down before them, and comes back after them. */
export function DependsOn({ form, others, onChange }: DependsOnProps): ReactElement {
  const { kind, uses, runsOn, isThisComputer } = form;
  const own = others.find((host) => host.isThisComputer);
  const known = others.map((host) => ({ id: host.id, name: host.name }));
  const named = (ids: readonly string[]) => ids.filter((id) => !others.some((host) => host.id === id));
  const gone = named(uses).map((id) => ({ id, name: `${id}: no such host` }));
  const carriers = [
    ...known.filter(({ id }) => id === runsOn || others.some((host) => host.id === id && carriesGuests(host))),
    ...named(runsOn === null ? [] : [runsOn]).map((id) => ({ id, name: `${id}: no such host` })),
  ];
  const use = (id: string, isUsed: boolean) =>
    onChange({ uses: [...uses.filter((each) => each !== id), ...(isUsed ? [id] : [])] });
  return (
    <>
      <fieldset className={styles.fieldset}>
        <legend>Cannot work without</legend>
        {others.length === 0 && <p className={styles.soft}>There are no other hosts.</p>}
        <div className={styles.ticks}>
          {[...known, ...gone].map(({ id, name }) => (
            <Tick
              key={id}
              label={name}
              isSelected={uses.includes(id)}
              isDisabled={!uses.includes(id) && uses.length >= most}
              onChange={(isUsed) => use(id, isUsed)}
            />
          ))}
        </div>
        <p className={styles.soft}>Its storage, switch, name server or vCenter: it goes down before them.</p>
      </fieldset>
      <div className={styles.form}>
        <SelectInput
          label="Runs on"
          value={runsOn ?? ''}
          options={[
            { value: '', label: platforms[kind].isMachine ? 'Itself: it is a machine' : 'None of these hosts' },
            ...carriers.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          hint="The hypervisor on which it is a guest"
          onChange={(id) => onChange({ runsOn: id === '' ? null : id })}
        />
        {(mayBeThisComputer(kind) || isThisComputer) && (
          <Tick
            label="Glidepath runs on this computer"
            hint={own ? `${own.name} is said to be that computer` : 'It goes down last'}
            isSelected={isThisComputer}
            isDisabled={own !== undefined && !isThisComputer}
            onChange={(next) => onChange({ isThisComputer: next })}
          />
        )}
      </div>
    </>
  );
}
