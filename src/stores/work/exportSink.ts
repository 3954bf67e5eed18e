import { download, openFileSink } from './exportFile.ts';

/** Takes the files of an export as they are made. */
export interface ExportSink {
  /** Where the export is when it is done, in words. */
  readonly place: string;
  /** Says which file the bytes that follow are of. Not called where the export is one file. */
  begin(path: string): Promise<void>;
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  finish(): Promise<void>;
  /** Drops what is not whole. */
  discard(): Promise<void>;
}

/** One file, which goes to the browser's downloads when it is whole. */
export async function downloadSink(type: string, name: string): Promise<ExportSink> {
  const sink = await openFileSink(type);
  return {
    place: 'your downloads',
    begin: () => Promise.resolve(),
    write: (bytes) => sink.write(bytes),
    finish: async () => download(await sink.finish(), name),
    discard: () => sink.discard(),
  };
}
