import { useEffect, useRef } from 'react';
import { Popover } from 'radix-ui';
import { OBJECT_COLORS } from '../../core/objectColors.ts';
import type { MaskObject } from '../../document/document.ts';
import { recolorObject } from '../../stores/work/objectsStore.ts';
import styles from './ColorPicker.module.css';

const NAMES: Record<(typeof OBJECT_COLORS)[number], string> = {
  '#3aa0ff': 'Blue',
  '#ff9f1c': 'Orange',
  '#b82851': 'Crimson',
  '#16f6ed': 'Cyan',
  '#6b4ec7': 'Violet',
  '#e5d994': 'Sand',
  '#fd2e1c': 'Red',
  '#ab78a6': 'Mauve',
  '#87c293': 'Sage',
  '#8f4d89': 'Purple',
};

/** An object's colour, which opens the palette and a choice of any other. */
export function ColorPicker({ object: { id, name, color } }: { readonly object: MaskObject }) {
  return (
    <Popover.Root>
      <Popover.Trigger
        className={styles.trigger}
        aria-label={`Colour of ${name}`}
        title={`Colour of ${name}`}
      >
        <span className={styles.swatch} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.palette} align="start" sideOffset={4} collisionPadding={8}>
          {OBJECT_COLORS.map((each) => (
            <Popover.Close
              key={each}
              className={styles.color}
              style={{ background: each }}
              aria-label={NAMES[each]}
              aria-pressed={each === color}
              title={NAMES[each]}
              onClick={() => recolorObject(id, each)}
            />
          ))}
          <OtherColor id={id} color={color} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Any colour. One step to undo, however long the choice takes: the browser's `change` comes at its end. */
function OtherColor({ id, color }: { readonly id: number; readonly color: string }) {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const input = ref.current;
    if (input === null) return;
    const onChange = () => recolorObject(id, input.value);
    input.addEventListener('change', onChange);
    return () => input.removeEventListener('change', onChange);
  }, [id]);
  return (
    <label className={styles.other}>
      Other colour
      <input ref={ref} type="color" defaultValue={color} />
    </label>
  );
}
