/** `npm run merge-coco -- OUT.json FILE.json…`: one COCO file of many, each of a clip, which is called after its file. See docs/annotation.md. */
import { readFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { mergeCoco, type CocoFile } from './formats/mergeCoco.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { UsageError } from './node/usage.ts';
import { writeWhole } from './node/writeWhole.ts';

async function main(): Promise<number> {
  const [out, ...paths] = process.argv.slice(2);
  if (out === undefined || paths.length === 0)
    throw new UsageError('npm run merge-coco -- OUT.json FILE.json…');
  const files = new Map<string, CocoFile>();
  for (const path of paths) {
    const { name } = parse(path);
    if (files.has(name))
      throw new UsageError(`Two files are called ${name}: their frames would have the same names.`);
    files.set(name, JSON.parse(await readFile(path, 'utf8')) as CocoFile);
  }
  const merged = mergeCoco(files);
  await writeWhole(out, `${JSON.stringify(merged)}\n`);
  const counts = [
    `${files.size} clips`,
    `${merged.images.length} images`,
    `${merged.annotations.length} masks`,
  ];
  console.log(`${out}: ${counts.join(', ')}, ${merged.categories.map(({ name }) => name).join(', ')}`);
  return EXIT.ok;
}

await runCommand(main);
