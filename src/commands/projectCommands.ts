import { projectStore } from '../stores/project/projectStore.ts';
import { saveProjectFile, saveWorkAsFile } from '../stores/project/projectList.ts';
import { checkSaving } from '../stores/project/checkSaving.ts';
import { showProjects } from '../stores/project/projects.ts';
import type { Command } from './command.ts';
import { withClip } from './conditions.ts';
import { openUnlessWorkIsLost } from '../stores/page/leaving.ts';

/** What is done with a project as a whole. */
export const PROJECT_COMMANDS = {
  projects: {
    label: 'Projects',
    group: 'File',
    shortcuts: [{ key: 'o', alt: true }],
    isEnabled: withClip,
    run: () => openUnlessWorkIsLost('The list of projects', () => void showProjects()),
  },
  saveProject: {
    label: 'Save project as a file',
    group: 'File',
    shortcuts: [{ key: 's', mod: true }],
    isEnabled: ({ project, video, objects }) => {
      const isKept = project.id !== undefined;
      const { past, future } = objects.history;
      // Without storage, a file is all that can keep the work.
      const canBeKept = project.problem !== undefined && video.clip !== undefined;
      return (
        isKept ||
        (canBeKept && past.length + future.length > 0) ||
        'There is no project yet: it begins with the first change.'
      );
    },
    run: () => {
      const { id, name } = projectStore.getState();
      void (id === undefined ? saveWorkAsFile() : saveProjectFile(id, name));
    },
  },
  checkSaving: {
    label: 'Check that work is saved',
    group: 'File',
    shortcuts: [{ key: 's', shift: true }],
    isEnabled: ({ project }) => project.problem === undefined || project.problem,
    run: () => void checkSaving(),
  },
} as const satisfies Record<string, Command>;
