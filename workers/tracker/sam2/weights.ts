/** The files of a model. */
export interface Sam2Weights {
  /** A graph's file, or `constants`. @throws RangeError if there is none of that name. */
  readonly file: (name: string) => Uint8Array;
}

/** A model's files by name, where they all are in memory. */
export function weightsOf(files: Readonly<Record<string, Uint8Array>>): Sam2Weights {
  return {
    file(name) {
      const content = files[name];
      if (!content) throw new RangeError(`The model has no file “${name}”.`);
      return content;
    },
  };
}
