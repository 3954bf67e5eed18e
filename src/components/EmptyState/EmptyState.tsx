import { useStore } from 'zustand';
import { FolderOpen, LoaderCircle, Sparkles } from 'lucide-react';
import { openSample } from '../../stores/clip/openClip.ts';
import { SAMPLES } from '../../stores/clip/samples.ts';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { CommandButton } from '../Button/CommandButton.tsx';
import { ProjectList } from '../Projects/ProjectList.tsx';
import styles from './EmptyState.module.css';

const STEPS = [
  { title: 'Click', text: 'an object. Its mask shows at once; more clicks add to it or take away.' },
  { title: 'Track', text: 'it through the clip, forward and backward.' },
  { title: 'Export', text: 'PNG masks, one for each frame, in a ZIP.' },
];

/** What there is to do when nothing is open. */
export function EmptyState() {
  const opening = useStore(videoStore, (state) => state.opening);
  return (
    <div className={styles.page}>
      <section className={styles.card} aria-labelledby="empty-title">
        <h2 id="empty-title">Click an object in a video. Its mask follows it.</h2>
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
        <ProjectList />
        <Gallery />
        <ol className={styles.steps}>
          {STEPS.map(({ title, text }) => (
            <li key={title}>
              <strong>{title}</strong> {text}
            </li>
          ))}
        </ol>
      </section>
      <p className={styles.credit}>
        Rabbit: <cite>Big Buck Bunny</cite> © Blender Foundation, CC BY 3.0,{' '}
        <a href="https://peach.blender.org" target="_blank" rel="noreferrer">
          peach.blender.org
        </a>
      </p>
    </div>
  );
}

/** Samples to try the app on. */
function Gallery() {
  return (
    <ul className={styles.gallery} aria-label="Samples">
      {SAMPLES.map((sample) => (
        <li key={sample.file}>
          <button type="button" className={styles.sample} onClick={() => openSample(sample)}>
            <img src={sample.picture} alt="" width="384" height="216" />
            <span className={styles.sampleName}>{sample.name}</span>
            <span className={styles.sampleAbout}>{sample.about}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
