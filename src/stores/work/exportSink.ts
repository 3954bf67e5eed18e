import { download, openFileSink } from './exportFile.ts';

/** Takes the files of an export as they are made. */
export interface ExportSink {
  /** Where whole files stay if the export fails, in words; nothing where none do. */
  readonly place?: string;
  /** What is known of the export when it is done, in words. */
  readonly outcome: string;
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
    // Whether the browser copies it, the page is not told.
    outcome: 'on its way to your downloads',
    begin: () => Promise.resolve(),
    write: (bytes) => sink.write(bytes),
    finish: async () => download(await sink.finish(), name),
    discard: () => sink.discard(),
  };
}
