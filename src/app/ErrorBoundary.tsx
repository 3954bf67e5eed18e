import { Component, type ReactNode } from 'react';
import { toMaskletError } from '../core/errors.ts';
import { saveProjectFile } from '../stores/project/projectList.ts';
import { projectStore } from '../stores/project/projectStore.ts';
import { saveAllMasks } from '../stores/work/exportStore.ts';
import styles from './ErrorBoundary.module.css';

interface State {
  readonly error: Error | undefined;
}

/** Takes the place of a page that could not be drawn. The stores are outside it, so that drawing anew loses nothing. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: toMaskletError(thrown) };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    const { id, name } = projectStore.getState();
    return (
      <main className={styles.page} role="alert">
        <h1>The page could not be shown</h1>
        <p>{error.message.replace(/[^.!?]$/, '$&.')} Your work is kept in this tab.</p>
        <button type="button" onClick={() => this.setState({ error: undefined })}>
          Show the page again
        </button>
        {id !== undefined && (
          <button type="button" onClick={() => void saveProjectFile(id, name)}>
            Save the project as a file
          </button>
        )}
        <button type="button" onClick={() => void saveAllMasks()}>
          Export the masks
        </button>
      </main>
    );
  }
}
