import { FormatError } from '../../src/core/formatError.ts';

/** A COCO file as `writeCoco` writes it; what else it says is left out when files are joined. */
export interface CocoFile {
  readonly videos?: readonly CocoItem[];
  readonly categories: readonly (CocoItem & { readonly name: string })[];
  readonly images: readonly (CocoItem & { readonly file_name: string; readonly video_id?: number })[];
  readonly annotations: readonly (CocoItem & {
    readonly image_id: number;
    readonly category_id: number;
    readonly video_id?: number;
    readonly track_id?: number;
  })[];
}

interface CocoItem {
  readonly id: number;
}

/**
 * One COCO file of several, each of a clip: images, annotations, videos and tracks are numbered anew, categories of one name are one, and a
 * frame's picture is in a folder that is called after its clip.
 *
 * @param files by the name of their clip
 * @throws FormatError where an annotation names an image or a category that its file does not have
 */
export function mergeCoco(files: ReadonlyMap<string, CocoFile>): CocoFile {
  const names = [
    ...new Set([...files.values()].flatMap(({ categories }) => categories.map(({ name }) => name))),
  ];
  const categoryIds = new Map(names.map((name, at) => [name, at + 1]));
  const images: CocoFile['images'][number][] = [];
  const annotations: CocoFile['annotations'][number][] = [];
  let tracks = 0;
  [...files].forEach(([clip, file], at) => {
    const video = at + 1;
    const imageIds = new Map(file.images.map(({ id }, i) => [id, images.length + i + 1]));
    const categories = new Map(file.categories.map(({ id, name }) => [id, categoryIds.get(name)]));
    const firstTrack = tracks;
    for (const image of file.images)
      images.push({
        ...image,
        ...{ id: images.length + 1, video_id: video, file_name: `${clip}/${image.file_name}` },
      });
    for (const annotation of file.annotations) {
      const [image, category] = [imageIds.get(annotation.image_id), categories.get(annotation.category_id)];
      if (image === undefined || category === undefined)
        throw new FormatError(
          `Annotation ${annotation.id} of ${clip} is of an image or a category that the file does not have.`,
        );
      const track = firstTrack + (annotation.track_id ?? annotation.id);
      tracks = Math.max(tracks, track);
      annotations.push({
        ...annotation,
        ...{ id: annotations.length + 1, image_id: image, category_id: category },
        ...{ video_id: video, track_id: track },
      });
    }
  });
  return {
    videos: [...files].map(([clip, { videos }], at) => ({ ...videos?.[0], id: at + 1, name: clip })),
    categories: names.map((name, at) => ({ id: at + 1, name, supercategory: '' })),
    images,
    annotations,
  };
}
