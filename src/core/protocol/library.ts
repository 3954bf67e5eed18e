import type { Stream } from '../stream.ts';
import type { ModelAddress, ModelFamily, WeightProgress } from './model.ts';

/** Knows the models, and keeps their files in the browser's storage, apart from the one that runs. */
export interface LibraryApi {
  /** All models. @param folder address of the catalogue's folder */
  list(folder: string): Promise<ModelListing[]>;
  /** Downloads what is not kept of a model's files. A later call goes on where one broke off. */
  download(model: ModelAddress, stream: Stream<WeightProgress>): Promise<void>;
  /** Takes a model from files of a folder into the storage; gives its id. */
  add(files: readonly FolderFile[]): Promise<string>;
  /** Deletes a model's files; one that was added is then forgotten. */
  remove(id: string): Promise<void>;
}

/** A model that a person can choose. */
export interface ModelListing {
  readonly id: string;
  readonly name: string;
  readonly family: ModelFamily;
  /** What it is good for. */
  readonly about: string;
  readonly licence: string;
  /** A page about the weights. */
  readonly source: string | undefined;
  /** The host that its files come from; `undefined` if a person added it from a folder. */
  readonly host: string | undefined;
  /** Of the files that this machine needs of it, and how much of that is kept here. */
  readonly totalBytes: number;
  readonly keptBytes: number;
  readonly isKept: boolean;
  /** Whether the SHA-256 of each of these files is stated beforehand. Otherwise that of the first download is held to. */
  readonly isPinned: boolean;
  /** Why it cannot run on this machine. */
  readonly unfit: string | undefined;
}

/** A file of a folder that a person gave. */
export interface FolderFile {
  /** Relative to the folder, with `/` between its parts. */
  readonly path: string;
  readonly file: File;
}
