import { useState } from 'react';
import { Copy, Download, Film, Pencil, Trash2 } from 'lucide-react';
import type { ProjectEntry } from '../../core/protocol/project.ts';
import {
  deleteProject,
  duplicateProject,
  renameProject,
  saveProjectFile,
} from '../../stores/project/projectList.ts';
import { openProject } from '../../stores/project/projects.ts';
import { Button } from '../Button/Button.tsx';
import { formatSize, formatTime, formatWhen, plural } from '../format.ts';
import styles from './Projects.module.css';

/** One project: its picture and name open it; beside them is what else can be done with it. */
export function ProjectRow({ entry }: { readonly entry: ProjectEntry }) {
  const [isRenaming, setRenaming] = useState(false);
  const { id, name, picture } = entry;
  return (
    <li className={styles.row}>
      <button
        type="button"
        className={styles.open}
        onClick={() => void openProject(id)}
        aria-label={`Open ${name}`}
      >
        <span className={styles.picture}>
          {picture ? <img src={picture} alt="" /> : <Film aria-hidden />}
        </span>
        <span className={styles.facts}>
          {!isRenaming && <strong>{name}</strong>}
          <span>{describe(entry)}</span>
        </span>
      </button>
      {isRenaming && (
        <NameField
          name={name}
          done={(next) => {
            setRenaming(false);
            if (next !== undefined) void renameProject(id, next);
          }}
        />
      )}
      <div className={styles.actions}>
        <Button
          iconOnly
          icon={<Pencil aria-hidden />}
          label={`Rename ${name}`}
          onClick={() => setRenaming(true)}
        />
        <Button
          iconOnly
          icon={<Copy aria-hidden />}
          label={`Duplicate ${name}`}
          onClick={() => void duplicateProject(id)}
        />
        <Button
          iconOnly
          icon={<Download aria-hidden />}
          label={`Save ${name} as a file`}
          onClick={() => void saveProjectFile(id, name)}
        />
        <Button
          iconOnly
          icon={<Trash2 aria-hidden />}
          label={`Delete ${name}`}
          onClick={() => void deleteProject(entry)}
        />
      </div>
    </li>
  );
}

interface NameFieldProps {
  readonly name: string;
  /** Gets the new name, or nothing if the person gave up. */
  readonly done: (name: string | undefined) => void;
}

function NameField({ name, done }: NameFieldProps) {
  return (
    <input
      className={styles.name}
      aria-label={`Name of ${name}`}
      defaultValue={name}
      ref={(field) => field?.select()}
      onBlur={({ currentTarget }) => done(currentTarget.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') done(undefined);
      }}
    />
  );
}

function describe({ frameCount, duration, changedAt, bytes, videoBytes, waiting }: ProjectEntry): string {
  const length = duration > 0 ? `${formatTime(duration)}, ${plural(frameCount, 'frame')}` : 'image';
  const size = formatSize(bytes + videoBytes);
  const video = videoBytes > 0 ? `, with its ${duration > 0 ? 'video' : 'image'}` : '';
  const found = waiting > 0 ? ` · ${plural(waiting, 'thing')} found, to be accepted` : '';
  return `${length} · ${formatWhen(changedAt)} · ${size}${video}${found}`;
}
