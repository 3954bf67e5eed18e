import type { CSSProperties } from 'react';
import { useStore } from 'zustand';
import { Check, FolderSearch } from 'lucide-react';
import { proposalColor } from '../../core/objectColors.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { forgetWaiting } from '../../stores/project/waiting.ts';
import { objectOf, pickProposal, pointAt } from '../../stores/work/proposals.ts';
import { type FrameProposal, type Proposals } from '../../stores/work/proposalsStore.ts';
import { Button } from '../Button/Button.tsx';
import { CommandButton } from '../Button/CommandButton.tsx';
import { MaskThumbnail } from '../MaskThumbnail/MaskThumbnail.tsx';
import { useFramePicture } from '../MaskThumbnail/useFramePicture.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import styles from './ObjectsPanel.module.css';

interface ProposalListProps {
  readonly state: Proposals;
  /** Pixels of a frame. */
  readonly area: number;
}

/** The things that were found on a frame, or that look like an object, to be picked one by one or all at once. */
export function ProposalList({ state, area }: ProposalListProps) {
  const { frame, like, phase, done, proposals, pointedId } = state;
  const frames = [...new Set(proposals.map((proposal) => proposal.frame))];
  const describe = (proposal: FrameProposal) =>
    like
      ? `${proposal.name === undefined || proposal.name === like.name ? '' : `like ${proposal.name}, `}frame ${proposal.frame}, ${Math.round(100 * proposal.score)} % alike`
      : `${describeArea(proposal.area / area)} of the frame`;
  return (
    <section className={styles.proposals} aria-labelledby="proposals-title">
      <header className={styles.header}>
        <h2 id="proposals-title">{like ? `Like ${like.name}` : `Found on frame ${frame}`}</h2>
        <span className={styles.count}>{proposals.length}</span>
      </header>
      {phase === 'finding' && (
        <ProgressBar
          label={like ? 'Looking for more like it' : 'Looking for all things on the frame'}
          value={done}
        />
      )}
      <ul className={styles.found} aria-labelledby="proposals-title">
        {frames.map((each) => (
          <FoundOnFrame
            key={each}
            frame={each}
            proposals={proposals.filter((proposal) => proposal.frame === each)}
            pointedId={pointedId}
            describe={describe}
          />
        ))}
      </ul>
      {phase === 'found' && proposals.length === 0 && (
        <p className={styles.hint}>
          {like
            ? 'Nothing else was found that looks like it, here or in other shots.'
            : 'Nothing was found that stands out. Click on a thing instead.'}
        </p>
      )}
      <div className={styles.proposalActions}>
        <CommandButton id="pickAll" emphasis="solid" />
        <CommandButton id="cancel" emphasis="solid" label={phase === 'finding' ? 'Stop looking' : 'Done'} />
        {like && like.id === undefined && (
          <Button emphasis="solid" label="Leave out the rest" onClick={forgetWaiting} />
        )}
      </div>
      {like?.id !== undefined && (
        <CommandButton
          id="findElsewhere"
          icon={<FolderSearch aria-hidden />}
          text="Also in other clips"
          className={styles.add}
        />
      )}
    </section>
  );
}

interface FoundOnFrameProps {
  readonly frame: number;
  readonly proposals: readonly FrameProposal[];
  readonly pointedId: number | undefined;
  readonly describe: (proposal: FrameProposal) => string;
}

function FoundOnFrame({ frame, proposals, pointedId, describe }: FoundOnFrameProps) {
  const document = useStore(objectsStore, ({ history }) => history.present);
  const picture = useFramePicture(frame);
  return proposals.map((proposal) => {
    const picked = objectOf(document, proposal);
    const color = picked?.color ?? proposalColor(proposal.id);
    return (
      <li key={proposal.id}>
        <button
          type="button"
          className={styles.proposal}
          style={{ '--object': color } as CSSProperties}
          aria-pressed={picked !== undefined}
          data-pointed={proposal.id === pointedId || undefined}
          onClick={() => pickProposal(proposal.id)}
          onPointerEnter={() => pointAt(proposal.id)}
          onPointerLeave={() => pointAt(undefined)}
          onFocus={() => pointAt(proposal.id)}
          onBlur={() => pointAt(undefined)}
        >
          <MaskThumbnail mask={proposal.mask} color={color} picture={picture} />
          <span className={styles.swatch} />
          <span className={styles.text}>
            <span className={styles.name}>{picked?.name ?? `Thing ${proposal.id}`}</span>{' '}
            <span className={styles.detail}>{describe(proposal)}</span>
          </span>
          {picked && <Check aria-hidden />}
        </button>
      </li>
    );
  });
}

function describeArea(share: number): string {
  return share < 0.01 ? 'under 1 %' : `${Math.round(share * 100)} %`;
}
