import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { App, test } from './app.ts';

/** Grants what keeps the machine awake, which Chromium without a window may refuse. Gives how often it is held. */
async function countLocks(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    Object.assign(window, { awake: 0 });
    navigator.wakeLock.request = () => {
      (window as unknown as { awake: number }).awake++;
      const lock = Object.assign(new EventTarget(), {
        released: false,
        release: () => {
          if (!lock.released) (window as unknown as { awake: number }).awake--;
          lock.released = true;
          return Promise.resolve();
        },
      });
      return Promise.resolve(lock as unknown as WakeLockSentinel);
    };
  });
  return () => page.evaluate(() => (window as unknown as { awake: number }).awake);
}

test('workers that hang while they save and export are ended with a sentence; work is kept, and all goes on', async ({
  page,
}) => {
  await page.clock.install();
  const app = new App(page);
  await app.openDisc();
  await app.isSaved();

  await app.hang('project');
  await app.goToFrame(2);
  await app.clickAt(68 / 320, 110 / 180);
  await app.hasMask(1, 2, 'prompted');
  await app.isSaved('saving');

  await app.button('Export').click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog).toContainText('First files');
  await app.hang('export');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog.getByRole('progressbar')).toBeVisible();
  // Both may be silent for 30 seconds.
  await app.passTime(35_000);
  await expect(dialog).toContainText('A background worker stopped: it did not answer any more');

  await app.isSaved();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await download;
  const before = (await app.state()).objects;
  expect(Object.keys(before[0]?.frames ?? {})).toEqual(['0', '2']);
  await page.reload();
  await app.ready();
  expect((await app.state()).objects).toEqual(before);
});

test('a tab that is hidden and frozen in the middle of a run goes on where it was; meanwhile the machine is kept awake', async ({
  page,
  context,
}) => {
  const awake = await countLocks(page);
  const app = new App(page);
  await app.goto();
  await app.openSample();
  await app.clickAt(0.5, 0.5);
  await app.hasMask(1, 0, 'prompted');
  await app.ready();
  expect(await awake()).toBe(0);
  await app.button('Track').click();
  await app.hasMask(1, 1, 'tracked');
  await expect.poll(awake).toBe(1);

  const session = await context.newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  const done = Object.keys((await app.state()).objects[0]?.frames ?? {}).length;
  await app.hasMask(1, done + 3, 'tracked');
  await app.button('Stop').click();
  await app.ready();
  await expect.poll(awake).toBe(0);
  await app.isSaved();
});

test('an export whose worker dies, whose tab is frozen, whose clock is set back, or whose storage is full costs no work', async ({
  page,
  context,
}, info) => {
  const path = info.outputPath('tiny.masklet');
  const awake = await countLocks(page);
  const app = new App(page);
  await app.openDisc(60 / 320);
  await app.isSaved();
  const { objects } = await app.state();
  const session = await context.newCDPSession(page);

  await app.button('Export').click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog).toContainText('First files');
  const save = dialog.getByRole('button', { name: 'Save', exact: true });
  const exporter = () => page.workers().findLast((each) => each.url().includes('/export.worker'))!;
  const saved = async (begin: () => Promise<void>) => {
    const download = page.waitForEvent('download');
    await begin();
    return Object.keys(unzipSync(await readFile(await (await download).path())));
  };
  const files = await saved(() => save.click());
  expect(files).toContain('masks/00000.png');

  await test.step('the worker dies as soon as it has something to tell', async () => {
    await exporter().evaluate(() => {
      MessagePort.prototype.postMessage = () => self.close();
    });
    await save.click();
    await expect(dialog).toContainText('A background worker stopped: it died');
    expect(await saved(() => save.click())).toEqual(files);
  });

  await test.step('the tab is frozen and the clock set back in the middle', async () => {
    await exporter().evaluate(() => {
      const postMessage = Reflect.get(MessagePort.prototype, 'postMessage') as (
        this: MessagePort,
        message: unknown,
      ) => void;
      const held: (() => void)[] = [];
      MessagePort.prototype.postMessage = function (this: MessagePort, ...given: [unknown]) {
        held.push(() => postMessage.apply(this, given));
      };
      Object.assign(self, {
        goOn: () => {
          MessagePort.prototype.postMessage = postMessage;
          for (const post of held) post();
        },
      });
    });
    const whole = saved(async () => {
      await save.click();
      await expect(dialog.getByRole('progressbar')).toBeVisible();
      await expect.poll(awake).toBe(1);
      await session.send('Page.setWebLifecycleState', { state: 'frozen' });
      await page.clock.setSystemTime('2001-01-02');
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await exporter().evaluate(() => (self as unknown as { goOn(): void }).goOn());
    });
    expect(await whole).toEqual(files);
    await expect.poll(awake).toBe(0);
    expect(await page.evaluate(() => new Date().getFullYear())).toBe(2001);
  });

  await test.step('the storage is full from the middle on', async () => {
    const { origin } = new URL(page.url());
    const used = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: used + 10_000 });
    await save.click();
    await expect(dialog.getByRole('alert')).toContainText('There is no space left to write the file.');
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    expect(await saved(() => save.click())).toEqual(files);
  });
  await page.keyboard.press('Escape');
  expect((await app.state()).objects).toEqual(objects);

  await test.step('with the clock as it is, work is saved', async () => {
    await app.goToFrame(2);
    await app.clickAt(68 / 320, 110 / 180);
    await app.hasMask(1, 2, 'prompted');
    await app.isSaved();
  });

  await test.step('the disk refuses to be written: work goes into a file, and is saved later', async () => {
    const worker = page.workers().findLast((each) => each.url().includes('/project.worker'))!;
    await worker.evaluate(() => {
      // TypeScript knows it in workers only.
      const { prototype } = Reflect.get(self, 'FileSystemSyncAccessHandle') as {
        prototype: { write: unknown };
      };
      const { write } = prototype;
      prototype.write = () => {
        throw new DOMException('The disk is read-only.', 'InvalidStateError');
      };
      Object.assign(self, { mend: () => Object.assign(prototype, { write }) });
    });
    await app.goToFrame(3);
    await app.clickAt(72 / 320, 110 / 180);
    await app.hasMask(1, 3, 'prompted');
    await expect(app.alert).toContainText('Not saved');
    const download = page.waitForEvent('download');
    await page.keyboard.press('Control+s');
    await (await download).saveAs(path);
    await worker.evaluate(() => (self as unknown as { mend(): void }).mend());
    await app.isSaved();
  });
  const kept = (await app.state()).objects;
  expect(Object.keys(kept[0]?.frames ?? {})).toEqual(['0', '2', '3']);
  await page.reload();
  await app.ready();
  expect((await app.state()).objects).toEqual(kept);
  await app.dropFile(path, '');
  await expect.poll(async () => (await app.state()).phase).toBe('no-video');
  expect((await app.state()).objects).toEqual(kept);
});
