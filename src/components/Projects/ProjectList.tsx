import { useStore } from 'zustand';
import { projectListStore, projectStore } from '../../stores/project/projectStore.ts';
import { formatSize } from '../format.ts';
import { ProjectRow } from './ProjectRow.tsx';
import styles from './Projects.module.css';

/** The projects on the start page, the one that was changed last first. */
export function ProjectList() {
  const { entries, isRead } = useStore(projectListStore);
  const { room, persistent, problem } = useStore(projectStore);
  if (problem !== undefined) return <p className={styles.note}>{problem}</p>;
  if (!isRead || entries.length === 0) return null;
  return (
    <section className={styles.projects} aria-labelledby="projects-title">
      <h3 id="projects-title">Projects</h3>
      <ul className={styles.list} aria-labelledby="projects-title">
        {entries.map((entry) => (
          <ProjectRow key={entry.id} entry={entry} />
        ))}
      </ul>
      {room && (
        <p className={styles.note}>
          {formatSize(room.usage)} of the {formatSize(room.quota)} that this browser offers are in use.{' '}
          {persistent
            ? 'It has promised to keep them.'
            : 'It may delete them when the disk is full: save what matters as a file.'}
        </p>
      )}
    </section>
  );
}
