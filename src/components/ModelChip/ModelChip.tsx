import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { ChevronDown, Cpu, Zap } from 'lucide-react';
import { DEFAULT_MODEL, modelStore, type ModelState } from '../../stores/model/modelStore.ts';
import { openDialog } from '../../stores/page/uiStore.ts';
import { formatSize } from '../format.ts';
import styles from './ModelChip.module.css';

/** Which model runs, on what, and where its weights came from. Opens the list of models. */
export function ModelChip() {
  const state = useStore(modelStore);
  if (state.phase !== 'ready') {
    const isOff = state.phase === 'failed' || state.phase === 'cancelled';
    return (
      <Chip title="Choose a model" isOff={isOff}>
        {describe(state)}
      </Chip>
    );
  }
  const { id, name, device, weightBytes, fromCache } = state.model;
  const isGpu = device.kind === 'webgpu';
  const speed = isGpu
    ? 'The model runs on the graphics card.'
    : 'This browser offers no graphics card, so the model runs on the processor, which is slower.';
  const origin = fromCache ? 'came from this browser’s cache' : 'were downloaded';
  return (
    <Chip
      title={`${speed} Its weights (${formatSize(weightBytes)}) ${origin}. Click to choose another model.`}
    >
      <span className={styles.name}>{name}</span>
      <span className={styles.device}>
        {isGpu ? <Zap aria-hidden /> : <Cpu aria-hidden />}
        <span className={styles.label}>
          {/^(CPU|GPU)/.test(device.label) ? device.label : `${isGpu ? 'GPU' : 'CPU'}: ${device.label}`}
          {!isGpu && <span className={styles.slower}> · slower than a GPU</span>}
        </span>
      </span>
      <span className={styles.origin}>
        {formatSize(weightBytes)} {fromCache ? 'from cache' : 'downloaded'}
      </span>
      <span className={styles.more}>
        {id === DEFAULT_MODEL ? 'Better models' : 'Models'}
        <ChevronDown aria-hidden />
      </span>
    </Chip>
  );
}

interface ChipProps {
  readonly title: string;
  readonly isOff?: boolean;
  readonly children: ReactNode;
}

function Chip({ title, isOff = false, children }: ChipProps) {
  return (
    <button
      type="button"
      className={`${styles.chip} ${isOff ? styles.off : ''}`}
      title={title}
      aria-haspopup="dialog"
      onClick={() => openDialog('models')}
    >
      {children}
    </button>
  );
}

function describe(state: Exclude<ModelState, { phase: 'ready' }>): string {
  if (state.phase === 'loading') {
    const percent = state.totalBytes > 0 ? Math.floor((state.loadedBytes / state.totalBytes) * 100) : 0;
    return `Loading model, ${percent} %`;
  }
  if (state.phase === 'compiling') return 'Preparing model…';
  return state.phase === 'idle' ? 'Model' : 'No model';
}
