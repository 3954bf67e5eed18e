import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** How long the programs of a cluster may take to be ready, in milliseconds. */
const PATIENCE = 60_000;

/** The machines of the cluster. */
export const NODES = ['one', 'two'] as const;

/** Slurm with two nodes of one processor each, all on this machine and in one folder: nothing of another Slurm is touched. */
export class SlurmCluster {
  /** For all programs that are to use it. */
  readonly env: NodeJS.ProcessEnv;
  readonly #folder: string;
  readonly #children: ChildProcess[] = [];

  private constructor(folder: string) {
    this.#folder = folder;
    const PATH = [join(folder, 'bin'), process.env.PATH ?? '', '/usr/sbin'].join(':');
    this.env = { ...process.env, PATH, SLURM_CONF: join(folder, 'slurm.conf') };
  }

  /**
   * Starts one. @param folder a short path: a socket's may have a hundred characters
   *
   * @throws Error with the end of the programs' logs if it is not ready within a minute
   */
  static async start(folder: string): Promise<SlurmCluster> {
    const cluster = new SlurmCluster(folder);
    try {
      await cluster.#configure();
      cluster.#run('munged', [
        ...['--foreground', '--force', `--key-file=${join(folder, 'munge.key')}`],
        ...['socket', 'pid-file', 'seed-file'].map((file) => `--${file}=${join(folder, `munge.${file}`)}`),
      ]);
      await cluster.#until(() => access(join(folder, 'munge.socket')).then(() => true));
      cluster.#run('slurmctld', ['-D', '-i']);
      for (const node of NODES) cluster.#run('slurmd', ['-D', '-N', node]);
      await cluster.#until(async () => (await cluster.ask('sinfo', '-h', '-N', '-o', '%T')) === 'idle\nidle');
      return cluster;
    } catch (thrown) {
      await cluster.stop();
      throw thrown;
    }
  }

  /** Runs one of Slurm's commands, and gives what it prints. @throws Error with what it prints if it fails */
  async ask(program: string, ...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(program, args, { env: this.env });
    return stdout.trim();
  }

  /** Ends all jobs and all that it has started, and waits for that. */
  async stop(): Promise<void> {
    await this.ask('scancel', '--signal=KILL', `--user=${userInfo().username}`).catch(() => undefined);
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(late);
    }
  }

  async #configure(): Promise<void> {
    const [folder, user] = [this.#folder, userInfo().username];
    const [port, ...ports] = await freePorts(1 + NODES.length);
    await mkdir(join(folder, 'state'), { recursive: true });
    await writeFile(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });
    const lines = [
      'ClusterName=masklet',
      `SlurmctldHost=${hostname()}(127.0.0.1)`,
      `SlurmctldPort=${port}`,
      `SlurmUser=${user}`,
      `SlurmdUser=${user}`,
      'AuthType=auth/munge',
      'CredType=cred/munge',
      `AuthInfo=socket=${join(folder, 'munge.socket')}`,
      `StateSaveLocation=${join(folder, 'state')}`,
      `SlurmdSpoolDir=${join(folder, 'spool-%n')}`,
      `SlurmctldPidFile=${join(folder, 'slurmctld.pid')}`,
      `SlurmdPidFile=${join(folder, 'slurmd-%n.pid')}`,
      // Without control groups, which a container may lack.
      'ProctrackType=proctrack/pgid',
      'TaskPlugin=task/none',
      'MpiDefault=none',
      'SlurmdParameters=config_overrides',
      'SelectType=select/cons_tres',
      'ReturnToService=2',
      'KillWait=30',
      // Jobs that have ended are listed for an hour.
      'MinJobAge=3600',
      ...NODES.map(
        (node, at) =>
          `NodeName=${node} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${ports[at]} CPUs=1 RealMemory=2000`,
      ),
      `PartitionName=all Nodes=${NODES.join(',')} Default=YES State=UP`,
    ];
    await writeFile(join(folder, 'slurm.conf'), `${lines.join('\n')}\n`);
    // Snakemake's jobs forget what the environment says of Slurm.
    const srun = `#!/bin/sh\nSLURM_CONF='${join(folder, 'slurm.conf')}' exec /usr/bin/srun "$@"\n`;
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin/srun'), srun, { mode: 0o755 });
  }

  #run(program: string, args: readonly string[]): void {
    const child = spawn(program, args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(join(this.#folder, 'log'), { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.on('error', (error) => log.write(`${program}: ${error.message}\n`));
    this.#children.push(child);
  }

  async #until(isReady: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE;
    while (!(await isReady().catch(() => false))) {
      if (Date.now() > end) {
        const log = await readFile(join(this.#folder, 'log'), 'utf8').catch(() => '');
        throw new Error(`Slurm did not start. Its programs say:\n${log.slice(-4000)}`);
      }
      await pause(200);
    }
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
