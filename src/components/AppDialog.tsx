import { useRef, type ReactNode, type RefObject } from 'react';
import { useStore } from 'zustand';
import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { openDialog, uiStore, type DialogName } from '../stores/page/uiStore.ts';
import { Button } from './Button/Button.tsx';
import styles from './Dialog.module.css';

interface AppDialogProps {
  readonly name: DialogName;
  readonly title: string;
  readonly wide?: boolean;
  /** False while it must not close. */
  readonly canClose?: boolean;
  readonly onClose?: () => void;
  /** Called when it is gone and the focus is back where it was. */
  readonly onClosed?: () => void;
  /** What has the focus at first; else the dialog itself, which then scrolls by keys. */
  readonly firstFocus?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/** A dialog over the page, one at a time. It takes the focus, and gives it back. */
export function AppDialog({
  name,
  title,
  wide = false,
  canClose = true,
  onClose,
  onClosed,
  firstFocus,
  children,
}: AppDialogProps) {
  const former = useRef<Element>(null);
  const isOpen = useStore(uiStore, (state) => state.dialog === name);
  const change = (open: boolean) => {
    if (open || !canClose) return;
    openDialog(undefined);
    onClose?.();
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={change}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.scrim} />
        <Dialog.Content
          className={wide ? `${styles.dialog} ${styles.wide}` : styles.dialog}
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            former.current = document.activeElement;
            event.preventDefault();
            const first = firstFocus?.current ?? event.target;
            if (first instanceof HTMLElement) first.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (former.current instanceof HTMLElement) former.current.focus();
            onClosed?.();
          }}
        >
          <header className={styles.header}>
            <Dialog.Title>{title}</Dialog.Title>
            {canClose && (
              <Dialog.Close asChild>
                <Button className={styles.close} iconOnly icon={<X aria-hidden />} label="Close" />
              </Dialog.Close>
            )}
          </header>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
