import { useStore } from 'zustand';
import { uiStore } from '../../stores/page/uiStore.ts';
import { allowVideo, takeOverProject } from '../../stores/project/projects.ts';
import { projectStore } from '../../stores/project/projectStore.ts';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { Button } from '../Button/Button.tsx';
import { CommandButton } from '../Button/CommandButton.tsx';
import styles from './Projects.module.css';

/** What keeps the person from working on the project as usual, and what can be done about it. */
export function ProjectBar() {
  const { id, saved, problem, heldSince, video } = useStore(projectStore);
  const clip = useStore(videoStore, (state) => state.clip);
  if (id === undefined || clip === undefined) return null;
  return (
    <>
      {heldSince !== undefined && (
        <div className={styles.bar}>
          <p>
            Another tab has had this project since {new Date(heldSince).toLocaleTimeString()}. You can look at
            it here, as it was when you opened it.
          </p>
          <Button emphasis="solid" label="Take over" onClick={() => void takeOverProject()} />
        </div>
      )}
      {saved === 'failed' && (
        <div className={styles.bar} role="alert">
          <p>{problem}</p>
          <CommandButton id="saveProject" emphasis="solid" />
          <CommandButton id="projects" emphasis="solid" />
        </div>
      )}
      {video.kind === 'asks' && (
        <div className={styles.bar}>
          <p>
            The video “{clip.name}” is where you opened it. The browser asks whether the page may read it
            again.
          </p>
          <Button emphasis="solid" label="Allow" onClick={() => void allowVideo()} />
        </div>
      )}
      {video.kind === 'missing' && (
        <div className={styles.bar}>
          <p>
            The video “{clip.name}” is not kept with this project. Its masks are here, and can be exported.
          </p>
          <Button emphasis="solid" label="Choose the video" onClick={() => uiStore.getState().pickFile?.()} />
        </div>
      )}
    </>
  );
}
