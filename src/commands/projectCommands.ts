import { projectStore } from '../stores/project/projectStore.ts';
import { saveProjectFile } from '../stores/project/projectList.ts';
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
    isEnabled: ({ project }) =>
      project.id !== undefined || 'There is no project yet: it begins with the first change.',
    run: () => {
      const { id, name } = projectStore.getState();
      if (id !== undefined) void saveProjectFile(id, name);
    },
  },
} as const satisfies Record<string, Command>;
