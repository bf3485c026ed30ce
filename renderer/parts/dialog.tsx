import { type ReactElement, type ReactNode, useId } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { Fault } from '../../shared/fault.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import styles from './dialog.module.css';
import { FaultBox } from './fault-box.tsx';
import { useEscape } from './use-escape.ts';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** The buttons, main one last. */
  actions: ReactNode;
  /** Why what was asked for last was refused. It stands above the buttons, however far the rest is scrolled. */
  fault?: Fault | null;
  /** Something was entered that goes with the dialog: Escape asks before it is dropped. */
  isChanged?: boolean;
  isAlert?: boolean;
  /** For tables. */
  isWide?: boolean;
}

/** A modal dialog that exists only while it is open. Escape closes it, the focus goes back to where it was. */
export function Dialog({
  title,
  onClose,
  children,
  actions,
  fault = null,
  isChanged = false,
  isAlert = false,
  isWide = false,
}: DialogProps): ReactElement {
  const { isAsking, leave, stay } = useEscape(isChanged, onClose);
  return (
    <ModalOverlay
      className={cx(styles.veil)}
      isOpen
      onOpenChange={(isOpen) => !isOpen && leave()}
      isDismissable={false}
    >
      <Modal className={cx(styles.modal, isWide && styles.wide)}>
        <AriaDialog className={cx(styles.dialog)} role={isAlert ? 'alertdialog' : 'dialog'}>
          <Heading slot="title" className={cx(styles.title)}>
            {title}
          </Heading>
          <div className={styles.body}>{children}</div>
          <div className={styles.foot}>
            {fault && (
              <div role="alert" className={styles.fault}>
                <FaultBox fault={fault} />
              </div>
            )}
            {isAsking ? <Discard onStay={stay} onDiscard={onClose} /> : <div className={styles.actions}>{actions}</div>}
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** In the place of the buttons, so that what was entered can be seen while one decides. */
function Discard({ onStay, onDiscard }: { onStay: () => void; onDiscard: () => void }): ReactElement {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields.
    <div role="group" aria-labelledby={id} className={styles.actions}>
      <p id={id} className={styles.question}>
        Discard what you entered?
      </p>
      <Button label="Keep editing" autoFocus onPress={onStay} />
      <Button label="Discard" look="danger" onPress={onDiscard} />
    </div>
  );
}
