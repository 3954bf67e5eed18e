import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import styles from './Button.module.css';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  readonly 'data-command'?: string;
  /** Why it cannot be pressed now; shown when the pointer rests on it. */
  readonly unavailable?: string | undefined;
  readonly emphasis?: 'plain' | 'solid' | 'primary';
  readonly icon?: ReactNode;
  /** Shows the icon only; the label is its accessible name. */
  readonly iconOnly?: boolean;
  /** Shows the icon only where there is little room. */
  readonly compact?: boolean;
  /** Shows the label only where there is much room. */
  readonly roomy?: boolean;
  readonly label: string;
  /** What is shown of the label, where that is too long. */
  readonly text?: string | undefined;
}

/**
 * A button. One that cannot be pressed stays in reach of the keyboard and says why. A press with the mouse leaves the focus
 * where it is, so that Space goes on to play.
 */
export function Button({
  unavailable,
  emphasis = 'plain',
  icon,
  iconOnly = false,
  compact = false,
  roomy = false,
  label,
  text = label,
  title,
  onClick,
  className,
  ...rest
}: ButtonProps) {
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (unavailable === undefined) onClick?.(event);
  };
  const keepFocus = (event: MouseEvent<HTMLButtonElement>) => {
    if (!(document.activeElement instanceof HTMLInputElement)) event.preventDefault();
  };
  const classes = [
    styles.button,
    styles[emphasis],
    iconOnly && styles.iconOnly,
    compact && styles.compact,
    roomy && styles.roomy,
    className,
  ];
  return (
    <button
      type="button"
      {...rest}
      className={classes.filter(Boolean).join(' ')}
      aria-label={label}
      aria-disabled={unavailable !== undefined || undefined}
      title={unavailable ?? title ?? (iconOnly ? label : undefined)}
      onClick={press}
      onMouseDown={keepFocus}
    >
      {icon}
      {!iconOnly && <span className={styles.label}>{text}</span>}
    </button>
  );
}
