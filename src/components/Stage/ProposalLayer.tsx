import { useEffect, useMemo, useRef, type PointerEvent } from 'react';
import { useStore } from 'zustand';
import type { Size } from '../../core/geometry.ts';
import { MaskRaster } from '../../core/maskRaster.ts';
import { parseColor, proposalColor } from '../../core/objectColors.ts';
import type { Proposal } from '../../core/protocol.ts';
import type { Placement } from '../../core/viewport.ts';
import { playbackStore } from '../../stores/playbackStore.ts';
import { pickProposal, pointAt, proposalAt, proposalsStore, type Proposals } from '../../stores/proposals.ts';
import { capRaster } from './rasterSize.ts';
import { videoPointAt } from './usePromptGesture.ts';
import styles from './Stage.module.css';

const FILL = 0.3;
const POINTED_FILL = 0.65;
/** In CSS pixels. */
const OUTLINE = 1;
const POINTED_OUTLINE = 2;
const NO_PROPOSALS: readonly Proposal[] = [];

interface ProposalLayerProps {
  readonly video: Size;
  /** The whole frame on the stage, in CSS pixels. */
  readonly stage: Size;
  /** What shows of it, in CSS pixels from its top left corner. */
  readonly part: Placement;
}

/** Proposals over the frame that they are of. A click picks the smallest one under the pointer. */
export function ProposalLayer({ video, stage, part }: ProposalLayerProps) {
  const state = useStore(proposalsStore);
  const shownFrame = useStore(playbackStore, (playback) => playback.shownFrame);
  if (state.phase === 'off' || state.frame !== shownFrame) return null;
  return <PickableProposals {...{ video, stage, part, state }} />;
}

function PickableProposals({
  video,
  stage,
  part,
  state,
}: ProposalLayerProps & { readonly state: Proposals }) {
  const { proposals, pointedId } = state;
  const pointed = useMemo(() => proposals.filter(({ id }) => id === pointedId), [proposals, pointedId]);
  const under = (event: PointerEvent<HTMLElement>) =>
    proposalAt(proposals, videoPointAt(event, event.currentTarget, video));
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const proposal = under(event);
    if (proposal) pickProposal(proposal.id);
  };
  return (
    <div
      className={styles.proposals}
      data-testid="proposals"
      onPointerDown={(event) => event.stopPropagation()}
      onPointerMove={(event) => pointAt(under(event)?.id)}
      onPointerLeave={() => pointAt(undefined)}
      onPointerUp={onPointerUp}
    >
      <MaskLayer proposals={proposals} stage={stage} part={part} fill={FILL} outline={OUTLINE} />
      <MaskLayer
        proposals={pointed.length > 0 ? pointed : NO_PROPOSALS}
        stage={stage}
        part={part}
        fill={POINTED_FILL}
        outline={POINTED_OUTLINE}
      />
    </div>
  );
}

interface MaskLayerProps {
  /** In drawing order. */
  readonly proposals: readonly Proposal[];
  readonly stage: Size;
  readonly part: Placement;
  readonly fill: number;
  /** In CSS pixels. */
  readonly outline: number;
}

function MaskLayer({ proposals, stage, part, fill, outline }: MaskLayerProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const raster = useRef<MaskRaster>(undefined);
  const { left, top, width, height } = part;
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context || width <= 0 || height <= 0) return;
    const size = capRaster({ width: width * devicePixelRatio, height: height * devicePixelRatio });
    if (raster.current?.width !== size.width || raster.current.height !== size.height) {
      Object.assign(context.canvas, size);
      raster.current = new MaskRaster(size);
    }
    raster.current.clear();
    const lines = { outline: (outline * size.width) / width, hatchPeriod: 0 };
    const shown = {
      x: left / stage.width,
      y: top / stage.height,
      width: width / stage.width,
      height: height / stage.height,
    };
    for (const { id, mask } of proposals) {
      const style = { color: parseColor(proposalColor(id)), fill, hatched: false };
      raster.current.paint(mask, style, lines, shown);
    }
    context.putImageData(new ImageData(raster.current.pixels, size.width, size.height), 0, 0);
  }, [proposals, left, top, width, height, stage.width, stage.height, fill, outline]);
  return <canvas ref={ref} className={styles.masks} style={part} />;
}
