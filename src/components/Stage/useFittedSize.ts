import { useLayoutEffect, useState, type RefObject } from 'react';
import type { Size } from '../../core/geometry.ts';

/** The largest size of the aspect of `content` that fits into an element, in whole CSS pixels. */
export function useFittedSize(ref: RefObject<HTMLElement | null>, content: Size): Size {
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setRoom({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return fitInto(content, room);
}

/** Scales `content` to the largest whole size that fits into `room`. */
export function fitInto(content: Size, room: Size): Size {
  const scale = Math.min(room.width / content.width, room.height / content.height);
  return { width: Math.floor(content.width * scale), height: Math.floor(content.height * scale) };
}
