import { useStore } from 'zustand';
import { Aperture, Blend, Columns2, Contrast, PaintBucket, Scissors, SquareDashed } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import { LOOK_NAMES } from '../../commands/viewCommands.ts';
import { LOOKS, type Look } from '../../core/looks.ts';
import { lookStore, setBackground, setLook, setOpacity } from '../../stores/stage/lookStore.ts';
import { previewStore, togglePreview } from '../../stores/stage/preview.ts';
import { Slider } from '../Slider/Slider.tsx';
import styles from './LookPanel.module.css';

const ICONS: Record<Look, typeof Blend> = {
  overlay: Blend,
  outline: SquareDashed,
  cutout: Scissors,
  matte: Contrast,
  blur: Aperture,
  color: PaintBucket,
  split: Columns2,
};

/** How masks are shown on the stage. */
export function LookPanel() {
  const { look, opacity, background } = useStore(lookStore);
  const hasPreview = useStore(previewStore, (state) => state.isOn);
  const percent = Math.round(opacity * 100);
  return (
    <section className={styles.panel} aria-labelledby="look-title">
      <header className={styles.header}>
        <h2 id="look-title">Look</h2>
        <span className={styles.name}>{LOOK_NAMES[look]}</span>
      </header>
      <ToggleGroup.Root
        type="single"
        className={styles.looks}
        aria-label="Look"
        value={look}
        onValueChange={(value) => value !== '' && setLook(value as Look)}
      >
        {LOOKS.map((each, at) => {
          const Icon = ICONS[each];
          return (
            <ToggleGroup.Item
              key={each}
              value={each}
              className={styles.look}
              aria-label={LOOK_NAMES[each]}
              title={`${LOOK_NAMES[each]} (${at + 1})`}
            >
              <Icon aria-hidden />
            </ToggleGroup.Item>
          );
        })}
      </ToggleGroup.Root>
      {look === 'overlay' && (
        <div className={styles.setting}>
          <span id="opacity">Opacity</span>
          <Slider
            min={0}
            max={100}
            step={5}
            value={percent}
            labelledBy="opacity"
            text={`${percent} %`}
            onChange={(value) => setOpacity(value / 100)}
          />
          <span className={styles.value}>{percent} %</span>
        </div>
      )}
      {look === 'color' && (
        <label className={styles.setting}>
          <span>Background</span>
          <input
            type="color"
            className={styles.color}
            value={background}
            onChange={(event) => setBackground(event.target.value)}
          />
          <span className={styles.value}>{background}</span>
        </label>
      )}
      <label className={styles.setting} title="Before an object’s first click on a frame (Shift+P)">
        <input type="checkbox" checked={hasPreview} onChange={togglePreview} />
        Preview under the pointer
      </label>
    </section>
  );
}
