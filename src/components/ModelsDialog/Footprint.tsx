import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Census } from '../../core/census.ts';
import { modelStore } from '../../stores/model/modelStore.ts';
import { segmenter } from '../../stores/workers/workers.ts';
import { formatSize } from '../format.ts';
import styles from './ModelsDialog.module.css';

/** Where the model runs, and the memory that it takes now. */
export function Footprint() {
  const state = useStore(modelStore);
  const [census, setCensus] = useState<Census>();
  useEffect(() => {
    let isGone = false;
    segmenter.census().then(
      (now) => !isGone && setCensus(now),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [state]);
  if (state.phase !== 'ready') return null;
  const { device, weightBytes } = state.model;
  const place =
    device.kind === 'webgpu' ? 'the graphics card' : 'the processor, which is slower than a graphics card';
  return (
    <p className={styles.footprint}>
      The model runs on {place} ({device.label}). Memory: {formatSize(weightBytes)} of weights
      {census &&
        `, ${formatSize(census.bytes)} of at most ${formatSize(census.maxBytes)} for frames that were read`}
      {census && census.gpuBytes > 0 && `, ${formatSize(census.gpuBytes)} on the graphics card`}.
    </p>
  );
}
