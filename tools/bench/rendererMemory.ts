import { readdir, readFile } from 'node:fs/promises';

/**
 * What the process takes that runs the page and its workers, in bytes; 0 where the system does not tell.
 *
 * @param profile the folder that the browser was started with
 */
export async function memoryOfRenderer(profile: string): Promise<number> {
  let most = 0;
  for (const pid of await readdir('/proc').catch(() => [])) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!command.includes('--type=renderer') || !(await belongsTo(pid, profile))) continue;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    most = Math.max(most, 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0));
  }
  return most;
}

/** Whether a process comes of the browser with a profile. */
async function belongsTo(pid: string, profile: string): Promise<boolean> {
  for (let at = pid; at !== '' && at !== '0';) {
    const command = await readFile(`/proc/${at}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(profile)) return true;
    const status = await readFile(`/proc/${at}/status`, 'utf8').catch(() => '');
    at = /PPid:\s+(\d+)/.exec(status)?.[1] ?? '';
  }
  return false;
}
