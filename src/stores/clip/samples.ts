/** A clip or picture that comes with the app. */
export interface Sample {
  /** Of its file in `public/samples`; the picture has the same name. */
  readonly file: string;
  readonly name: string;
  /** What can be tried on it. */
  readonly about: string;
  readonly mimeType: 'video/mp4' | 'image/jpeg';
  readonly picture: string;
}

const video = (id: string, name: string, about: string): Sample => ({
  ...{ file: `${id}.mp4`, name, about, mimeType: 'video/mp4', picture: `samples/${id}.webp` },
});

/** All samples, in the order of the gallery. The first is the one of the command. `tools/paintSamples.ts` makes the others. */
export const SAMPLES: readonly [Sample, ...Sample[]] = [
  video('bigbuckbunny', 'Rabbit', 'A cartoon'),
  video('ball-and-pillar', 'Ball and pillar', 'Hidden for a while'),
  video('two-balls', 'Two balls', 'Two objects that pass'),
  {
    ...{ file: 'fruits.jpg', name: 'Fruits', about: 'A still image', mimeType: 'image/jpeg' },
    picture: 'samples/fruits.webp',
  },
];
