import { useEffect, useRef, type ChangeEvent } from 'react';
import { openAnyFile } from '../../stores/project/openAny.ts';
import { uiStore } from '../../stores/page/uiStore.ts';
import { canPickHandle, pickHandle } from './pickHandle.ts';

/** Some systems give no MIME type to these. */
const EXTENSIONS = '.mp4,.m4v,.mov,.webm,.mkv,.png,.jpg,.jpeg,.webp,.avif,.gif,.apng,.masklet';

/** What the button Open does: the browser's dialog, with the place of the file where the browser tells it. */
export function FileInput() {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const pick = async () => {
      const picked = canPickHandle() ? await pickHandle(EXTENSIONS.split(',')) : 'unavailable';
      if (picked === 'unavailable') ref.current?.click();
      else if (picked) openAnyFile(await picked.getFile(), picked);
    };
    uiStore.setState({ pickFile: () => void pick() });
    return () => uiStore.setState({ pickFile: undefined });
  }, []);
  const choose = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const file = currentTarget.files?.[0];
    // The same file may be chosen again, which would be no change.
    currentTarget.value = '';
    if (file) openAnyFile(file);
  };
  return (
    <input
      ref={ref}
      type="file"
      hidden
      accept={`video/*,image/*,${EXTENSIONS}`}
      aria-label="Open video or image"
      onChange={choose}
    />
  );
}
