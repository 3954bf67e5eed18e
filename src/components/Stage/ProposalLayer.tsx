import { useMemo, useRef, type PointerEvent } from 'react';
import { useStore } from 'zustand';
import type { Size } from '../../core/geometry.ts';
import { proposalColor } from '../../core/objectColors.ts';
import type { Proposal } from '../../core/protocol/segmenter.ts';
import type { Placement } from '../../core/viewport.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import { pickProposal, pointAt, proposalAt } from '../../stores/work/proposals.ts';
import { proposalsStore, type Proposals } from '../../stores/work/proposalsStore.ts';
import { MaskLayer, type ColoredMask } from './MaskLayer.tsx';
import { dragDistance, videoPointAt } from './usePromptGesture.ts';
import styles from './Stage.module.css';

const FILL = 0.3;
const POINTED_FILL = 0.65;
/** In CSS pixels. */
const OUTLINE = 1;
const POINTED_OUTLINE = 2;

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
  const proposals = useMemo(
    () => (state.phase === 'off' ? [] : state.proposals.filter(({ frame }) => frame === shownFrame)),
    [state, shownFrame],
  );
  if (state.phase === 'off') return null;
  if (proposals.length === 0 && state.frame !== shownFrame) return null;
  return <PickableProposals {...{ video, stage, part, proposals, pointedId: state.pointedId }} />;
}

function PickableProposals({
  video,
  stage,
  part,
  proposals,
  pointedId,
}: ProposalLayerProps & Pick<Proposals, 'proposals' | 'pointedId'>) {
  const masks = useMemo(() => proposals.map(colored), [proposals]);
  const pointed = useMemo(
    () => proposals.filter(({ id }) => id === pointedId).map(colored),
    [proposals, pointedId],
  );
  const under = (event: PointerEvent<HTMLElement>) =>
    proposalAt(proposals, videoPointAt(event, event.currentTarget, video));
  const press = useRef<{ pointerId: number; clientX: number; clientY: number }>(undefined);
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.stopPropagation();
    const { pointerId, clientX, clientY } = event;
    // A second finger zooms: neither finger picks.
    press.current = event.isPrimary && event.button === 0 ? { pointerId, clientX, clientY } : undefined;
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const { current } = press;
    press.current = undefined;
    if (current?.pointerId !== event.pointerId) return;
    const distance = Math.hypot(event.clientX - current.clientX, event.clientY - current.clientY);
    if (distance > dragDistance(event.pointerType)) return;
    const proposal = under(event);
    if (proposal) pickProposal(proposal.id);
  };
  return (
    <div
      className={styles.proposals}
      data-testid="proposals"
      onPointerDown={onPointerDown}
      onPointerMove={(event) => pointAt(under(event)?.id)}
      onPointerLeave={() => pointAt(undefined)}
      onPointerUp={onPointerUp}
    >
      <MaskLayer masks={masks} fill={FILL} outline={OUTLINE} {...{ stage, part }} />
      <MaskLayer masks={pointed} fill={POINTED_FILL} outline={POINTED_OUTLINE} {...{ stage, part }} />
    </div>
  );
}

function colored({ id, mask }: Proposal): ColoredMask {
  return { mask, color: proposalColor(id) };
}
