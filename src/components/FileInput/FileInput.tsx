import { useEffect, useRef, type ChangeEvent } from 'react';
import { openAnyFile } from '../../stores/project/openAny.ts';
import { uiStore } from '../../stores/page/uiStore.ts';

/** Some systems give no MIME type to these. */
const EXTENSIONS = '.mp4,.m4v,.mov,.webm,.mkv,.png,.jpg,.jpeg,.webp,.avif,.gif,.apng,.masklet';

/** The file input behind the button Open. */
export function FileInput() {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    uiStore.setState({ pickFile: () => ref.current?.click() });
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
