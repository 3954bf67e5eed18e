import { useStore } from 'zustand';
import { FolderOpen, LoaderCircle, Sparkles } from 'lucide-react';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { CommandButton } from '../Button/CommandButton.tsx';
import styles from './EmptyState.module.css';

const STEPS = [
  { title: 'Click', text: 'on a thing. Its mask shows at once; more clicks add or take away.' },
  { title: 'Track', text: 'it through the clip, forward and backward.' },
  { title: 'Export', text: 'PNG masks, one for each frame, in a ZIP.' },
];

/** What there is to do when nothing is open. */
export function EmptyState() {
  const opening = useStore(videoStore, (state) => state.opening);
  return (
    <div className={styles.page}>
      <section className={styles.card} aria-labelledby="empty-title">
        <Outline />
        <h2 id="empty-title">Click a thing in a video. Its mask follows it.</h2>
        <p className={styles.lead}>
          Drop a video or image anywhere on this page. Everything runs in your browser, and nothing is
          uploaded.
        </p>
        <div className={styles.actions}>
          <CommandButton id="sample" emphasis="primary" icon={<Sparkles aria-hidden />} />
          <CommandButton id="open" emphasis="solid" icon={<FolderOpen aria-hidden />} />
        </div>
        {opening === undefined ? (
          <p className={styles.formats}>MP4, MOV, WebM, MKV · PNG, JPEG, WebP, AVIF, GIF</p>
        ) : (
          <p className={styles.formats}>
            <LoaderCircle className={styles.spinner} aria-hidden /> Opening {opening}…
          </p>
        )}
        <ol className={styles.steps}>
          {STEPS.map(({ title, text }) => (
            <li key={title}>
              <strong>{title}</strong> {text}
            </li>
          ))}
        </ol>
      </section>
      <p className={styles.credit}>
        Sample: <cite>Big Buck Bunny</cite> © Blender Foundation, CC BY 3.0,{' '}
        <a href="https://peach.blender.org" target="_blank" rel="noreferrer">
          peach.blender.org
        </a>
      </p>
    </div>
  );
}

/** A thing, its mask's outline and the click that made it. */
function Outline() {
  return (
    <svg className={styles.picture} viewBox="0 0 200 92" aria-hidden>
      <rect x="1" y="1" width="198" height="90" rx="8" className={styles.frame} />
      <path d="M2 76c30-10 54-8 84-2s74 6 112-8v18q0 7-7 7H9q-7 0-7-7Z" className={styles.ground} />
      <path d="M70 62c-4-22 8-42 28-42s34 14 34 34-14 24-32 24-27-4-30-16Z" className={styles.mask} />
      <circle cx="100" cy="48" r="5.5" className={styles.point} />
      <path d="M100 45.2v5.6M97.2 48h5.6" className={styles.plus} />
      <path d="m107 56 5 15 3.4-5.7 6.5-1.6Z" className={styles.pointer} />
    </svg>
  );
}
