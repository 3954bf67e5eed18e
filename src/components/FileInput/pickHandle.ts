interface WithFilePicker {
  showOpenFilePicker?(options: {
    types: { description: string; accept: Record<string, string[]> }[];
  }): Promise<FileSystemFileHandle[]>;
}

/** Whether the browser's dialog can tell where a file is. */
export function canPickHandle(): boolean {
  return 'showOpenFilePicker' in window;
}

/**
 * Has a person choose a file. To be called from a gesture. Nothing if they give up; `unavailable` where the browser does not show the dialog.
 *
 * @param extensions that may be chosen, besides whatever the system knows as a video or image
 */
export async function pickHandle(
  extensions: string[],
): Promise<FileSystemFileHandle | 'unavailable' | undefined> {
  const accept = { 'video/*': extensions, 'image/*': [] };
  try {
    const picked = await (window as WithFilePicker).showOpenFilePicker?.({
      types: [{ description: 'Videos, images and projects', accept }],
    });
    return picked?.[0] ?? 'unavailable';
  } catch (thrown) {
    return thrown instanceof DOMException && thrown.name === 'AbortError' ? undefined : 'unavailable';
  }
}
