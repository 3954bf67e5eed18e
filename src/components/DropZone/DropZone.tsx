import { useEffect, useState } from 'react';
import { FileDown } from 'lucide-react';
import { exportStore } from '../../stores/work/exportStore.ts';
import { addModel } from '../../stores/model/libraryStore.ts';
import { notify } from '../../stores/page/noticesStore.ts';
import { openAnyFile } from '../../stores/project/openAny.ts';
import { openDialog } from '../../stores/page/uiStore.ts';
import { filesIn, folderOf } from './droppedFolder.ts';
import styles from './DropZone.module.css';

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Opens a file that is dropped anywhere on the window, and shows that it would; takes a model from a folder. */
export function DropZone() {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // Enter and leave fire for every element that the pointer crosses.
    let depth = 0;
    const controller = new AbortController();
    const on = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', handle: (event: DragEvent) => void) =>
      addEventListener(
        type,
        (event) => {
          if (!carriesFiles(event)) return;
          event.preventDefault();
          handle(event);
        },
        { signal: controller.signal },
      );
    on('dragenter', () => {
      depth++;
      setOver(true);
    });
    on('dragover', ({ dataTransfer }) => {
      if (dataTransfer) dataTransfer.dropEffect = 'copy';
    });
    on('dragleave', () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    });
    on('drop', ({ dataTransfer }) => {
      depth = 0;
      setOver(false);
      const folder = dataTransfer && folderOf(dataTransfer);
      const file = dataTransfer?.files[0];
      if (folder) addFolder(folder);
      else if (file) void handleOf(dataTransfer).then((handle) => openAnyFile(file, handle));
    });
    return () => controller.abort();
  }, []);
  if (!isOver) return null;
  return (
    <section className={styles.zone} aria-label="Drop a file">
      <div className={styles.message}>
        <FileDown aria-hidden />
        Drop a video, image or project to open it, or the folder of a model to add it
      </div>
    </section>
  );
}

/** Where the dropped file is, if the browser tells. To be called while the drop's event is handled. */
function handleOf({ items }: DataTransfer): Promise<FileSystemFileHandle | undefined> {
  const item:
    | (DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> })
    | undefined = items[0];
  const asked = item?.getAsFileSystemHandle?.() ?? Promise.resolve(undefined);
  return asked.then(
    (handle) => (handle?.kind === 'file' ? (handle as FileSystemFileHandle) : undefined),
    () => undefined,
  );
}

/** A dialog that must not close stays. */
function addFolder(folder: FileSystemDirectoryEntry): void {
  if (exportStore.getState().phase === 'running') {
    notify(
      'The model’s folder was not added because an export is running. Drop it again when the export is done.',
    );
    return;
  }
  openDialog('models');
  void addModel(filesIn(folder));
}
