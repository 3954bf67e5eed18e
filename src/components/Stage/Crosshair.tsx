import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Size } from '../../core/geometry.ts';
import { crosshairStore } from '../../stores/stage/crosshairStore.ts';
import { revealPoint, viewStore } from '../../stores/stage/viewStore.ts';
import styles from './Crosshair.module.css';

/** Where keys place prompts, while the stage has the focus. */
export function Crosshair({ video }: { readonly video: Size }) {
  const at = useStore(crosshairStore, (state) => (state.isActive ? state.at : undefined));
  const zoom = useStore(viewStore, (state) => state.view.zoom);
  useEffect(() => {
    if (at !== undefined) revealPoint(at);
  }, [at, zoom]);
  if (at === undefined) return null;
  const place = { left: `${(at.x / video.width) * 100}%`, top: `${(at.y / video.height) * 100}%` };
  return (
    <svg
      className={styles.crosshair}
      style={place}
      viewBox="-20 -20 40 40"
      data-testid="crosshair"
      aria-hidden
    >
      <path className={styles.edge} d="M-19 0h13M6 0h13M0-19v13M0 6v13" />
      <path className={styles.line} d="M-19 0h13M6 0h13M0-19v13M0 6v13" />
      <circle className={styles.dot} r="1.5" />
    </svg>
  );
}
