/**
 * One tab writes to a project: the one that holds its Web Lock, which ends with the tab whatever happens to it. Tabs talk of projects over
 * a channel.
 */
const lockName = (id: string) => `masklet-project-${id}`;

type Message =
  | { readonly type: 'copy'; readonly id: string; readonly from: string }
  | { readonly type: 'copied'; readonly to: string; readonly file: Blob; readonly since: number }
  | { readonly type: 'yield'; readonly id: string };

/** How long the tab that has a project may take to answer, in milliseconds. */
const PATIENCE = 15_000;

/** How often a lock that is held is asked for, and how long to wait in between, in milliseconds. */
const [ATTEMPTS, PAUSE] = [4, 100];

const tab = crypto.randomUUID();

let channel: BroadcastChannel | undefined;
let letGo: (() => void) | undefined;
let heldSince = 0;

/** What the tab that holds a project does for others. */
interface Owner {
  /** The project's file as it is now. */
  readonly copy: () => Promise<Blob>;
  /** Saves all, and lets the project go. */
  readonly giveUp: () => Promise<void>;
}

/** Takes a project for this tab. False if another one has it. */
export async function takeLock(id: string): Promise<boolean> {
  releaseLock();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await request(id, { ifAvailable: true })) return true;
    // This tab itself may have let it go a moment ago.
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return false;
}

function request(id: string, options: LockOptions): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks
      .request(lockName(id), options, (lock) => {
        resolve(lock !== null);
        if (lock === null) return undefined;
        heldSince = Date.now();
        return new Promise<void>((done) => (letGo = done));
      })
      .catch(() => resolve(false));
  });
}

/** Lets the project that this tab has go. */
export function releaseLock(): void {
  letGo?.();
  letGo = undefined;
}

/** Whether no tab has a project. */
export async function isFree(id: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return !held.some(({ name }) => name === lockName(id));
}

function open(): BroadcastChannel {
  return (channel ??= new BroadcastChannel('masklet-projects'));
}

function send(message: Message): void {
  open().postMessage(message);
}

/** Answers other tabs about the project that this tab has. Returns what ends that. */
export function answerTabs(current: () => string | undefined, owner: Owner): () => void {
  const answer = async ({ data }: MessageEvent<Message>) => {
    if (!('id' in data) || data.id !== current() || letGo === undefined) return;
    if (data.type === 'copy')
      send({ type: 'copied', to: data.from, file: await owner.copy(), since: heldSince });
    else if (data.type === 'yield') await owner.giveUp();
  };
  const listen = (event: MessageEvent<Message>) => void answer(event).catch(() => undefined);
  open().addEventListener('message', listen);
  return () => open().removeEventListener('message', listen);
}

/** The file of a project that another tab has, and since when it has it; nothing if that tab does not answer. */
export function askForCopy(id: string): Promise<{ file: Blob; since: number } | undefined> {
  return new Promise((resolve) => {
    const listen = ({ data }: MessageEvent<Message>) => {
      if (data.type === 'copied' && data.to === tab) end({ file: data.file, since: data.since });
    };
    const timer = setTimeout(() => end(undefined), PATIENCE);
    const end = (answer: { file: Blob; since: number } | undefined) => {
      clearTimeout(timer);
      open().removeEventListener('message', listen);
      resolve(answer);
    };
    open().addEventListener('message', listen);
    send({ type: 'copy', id, from: tab });
  });
}

/** Asks the tab that has a project to let it go, and takes it. False if it does not. */
export function takeOver(id: string): Promise<boolean> {
  send({ type: 'yield', id });
  return request(id, { signal: AbortSignal.timeout(PATIENCE) });
}
