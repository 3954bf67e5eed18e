/** Before all unit tests: the graphs that they load are made once, not by several files at a time. */
import { ensureGraphs } from '../graphs/embeddedGraphs.ts';

export default async function setUpGraphs(): Promise<void> {
  await ensureGraphs();
}
