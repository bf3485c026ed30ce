import type { ReactElement, ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './dialog.module.css';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** The buttons, main one last. */
  actions: ReactNode;
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
          <div className={styles.actions}>{actions}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
