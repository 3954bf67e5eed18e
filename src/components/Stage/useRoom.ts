import { useLayoutEffect, type RefObject } from 'react';
import { setRoom } from '../../stores/stage/viewStore.ts';

/** Tells the view how large the element is that the frame lies in. */
export function useRoom(ref: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setRoom({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
}
