import { type ReactElement, useState } from 'react';
import { GridList } from 'react-aria-components';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence, Stage } from '../../shared/sequence.ts';
import type { CheckedPlan } from '../../shared/view.ts';
import { cx } from '../parts/cx.ts';
import { count, duration } from '../parts/format.ts';
import { MenuButton } from '../parts/menu.tsx';
import { select, useDraft } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';
import styles from './lane.module.css';
import { stageEntries } from './lane-menus.ts';
import { paletteEntries } from './palette.ts';
import { StageDialog } from './stage-dialog.tsx';
import { StageName } from './stage-name.tsx';
import { stageNotes } from './step-notes.ts';
import { StepRow } from './step-row.tsx';
import { useLaneDrag } from './use-lane-drag.ts';

export interface LaneProps {
  sequence: Sequence;
  stage: Stage;
  phase: 'down' | 'return';
  number: number;
  hosts: readonly Host[];
  checked: CheckedPlan;
  onOpen: () => void;
}

/** One stage: its steps run side by side, the next stage waits for all of them. */
export function Lane(props: LaneProps): ReactElement {
  const { sequence, stage, phase, number, hosts, checked, onOpen } = props;
  const [opened, setOpened] = useState<'name' | 'settings' | null>(null);
  const selected = useDraft((draft) => draft.selected);
  const { known } = useSlice('supplies');
  const { dragAndDropHooks } = useLaneDrag(stage, hosts);
  const mine = stage.steps.some((step) => step.id === selected) && selected !== null ? [selected] : [];
  const takes = plannedSeconds(checked, stage);
  return (
    <section className={styles.lane} aria-label={stage.name} data-stage={stage.id}>
      <header className={styles.head}>
        <span className={styles.number}>{number}</span>
        <StageName stage={stage} isEditing={opened === 'name'} onEnd={() => setOpened(null)} />
        <span className={styles.facts}>
          {count(stage.steps.length, 'step', 'steps')}
          {[...(takes === null ? [] : [`about ${duration(takes)}`]), ...stageNotes(stage)].map((fact) => ` · ${fact}`)}
        </span>
        <span className={styles.tools}>
          <MenuButton
            label={`Add step to ${stage.name}`}
            icon="plus"
            entries={paletteEntries(stage, phase, hosts, known)}
          />
          <MenuButton
            label={`Stage ${stage.name}`}
            icon="more"
            entries={stageEntries(
              sequence,
              stage,
              phase,
              () => setOpened('name'),
              () => setOpened('settings'),
            )}
          />
        </span>
      </header>
      <GridList
        className={cx(styles.list)}
        aria-label={stage.name}
        items={stage.steps}
        // Rows show what stands outside their step as well: host names, problems, the other stages.
        dependencies={[sequence, hosts, checked]}
        selectionMode="single"
        selectionBehavior="replace"
        // A second click on a row must not close the inspector.
        disallowEmptySelection
        selectedKeys={mine}
        onSelectionChange={(keys) => keys !== 'all' && select(firstOf(keys))}
        onAction={onOpen}
        dragAndDropHooks={dragAndDropHooks}
        renderEmptyState={() => <p className={styles.empty}>No steps. Add one with +, or drop one here.</p>}
      >
        {(step) => <StepRow step={step} stage={stage} sequence={sequence} hosts={hosts} checked={checked} />}
      </GridList>
      {opened === 'settings' && <StageDialog sequence={sequence} stage={stage} onClose={() => setOpened(null)} />}
    </section>
  );
}

const firstOf = (keys: Iterable<string | number>): string | null => {
  for (const key of keys) return String(key);
  return null;
};

/** How long the stage takes by what has been learned so far; null: nothing of it is planned. */
function plannedSeconds(checked: CheckedPlan, stage: Stage): number | null {
  const steps = checked.steps.filter((step) => step.stageId === stage.id);
  if (steps.length === 0) return null;
  return Math.max(...steps.map((step) => step.start + step.seconds)) - Math.min(...steps.map((step) => step.start));
}
