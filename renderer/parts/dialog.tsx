import type { ReactElement, ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { Fault } from '../../shared/fault.ts';
import { cx } from './cx.ts';
import styles from './dialog.module.css';
import { FaultBox } from './fault-box.tsx';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** The buttons, main one last. */
  actions: ReactNode;
  /** Why what was asked for last was refused. It stands above the buttons, however far the rest is scrolled. */
  fault?: Fault | null;
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
  isAlert = false,
  isWide = false,
}: DialogProps): ReactElement {
  return (
    <ModalOverlay
      className={cx(styles.veil)}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
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
            <div className={styles.actions}>{actions}</div>
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
