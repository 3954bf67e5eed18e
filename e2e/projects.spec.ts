import { readFile, writeFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import { App, SOON, test } from './app.ts';
import { fixture } from './barCode.ts';
import { openFromDisk } from './openFromDisk.ts';

const objects = async (app: App) => JSON.stringify((await app.state()).objects);
const phase = (app: App) => expect.poll(async () => (await app.state()).phase, SOON);
const projects = (page: Page): Locator => page.getByRole('list', { name: 'Projects' });

/** Opens a clip of 24 frames, and masks the disc that moves through it. */
async function begin(app: App): Promise<void> {
  await app.openFile(fixture('tiny.mp4'));
  await app.ready();
  await app.clickAt(80 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
}

test('after a reload the page is as it was: clip, masks, playhead, undo', async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await app.openFile(fixture('tiny.mp4'));
  await app.ready();
  expect((await app.state()).project).toMatchObject({ id: null, saved: 'off' });
  await begin(app);
  await app.button('Track').click();
  await app.hasMask(1, 7, 'tracked');
  await app.ready();
  await app.goToFrame(7);
  await app.isSaved();
  const [before, mask] = [await objects(app), await app.mask(1, 7)];

  await page.reload();
  await app.ready();
  expect(await objects(app)).toBe(before);
  expect(await app.mask(1, 7)).toEqual(mask);
  expect((await app.state()).frame).toBe(7);
  await app.button('Undo').click();
  expect((await app.state()).objects[0]?.frames[7]).toBeUndefined();
  await app.button('Redo').click();
  expect(await objects(app)).toBe(before);
});

test('the list of projects: open, rename, duplicate, delete and take that back', async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await expect(projects(page)).toBeHidden();
  await begin(app);
  await app.isSaved();
  const first = await objects(app);

  await test.step('another file asks nothing, for the work is kept', async () => {
    await app.openFile(fixture('image.png'));
    await expect.poll(async () => (await app.state()).frameCount).toBe(1);
    await app.ready();
    await app.clickAt(80 / 320, 110 / 180);
    await app.hasMask(1, 0, 'prompted');
    await app.isSaved();
    await app.button('Projects').click();
    await phase(app).toBe('empty');
    await expect(projects(page).getByRole('listitem')).toHaveText([/image/, /tiny.*24 frames/]);
    await expect(projects(page).locator('img')).toHaveCount(2);
  });

  await test.step('rename and duplicate', async () => {
    await page.getByRole('button', { name: 'Rename tiny' }).click();
    await page.keyboard.type('The disc');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Duplicate The disc' }).click();
    await expect(page.getByRole('button', { name: 'Open The disc copy' })).toBeVisible();
  });

  await test.step('delete, and take that back', async () => {
    await page.getByRole('button', { name: 'Delete The disc', exact: true }).click();
    await expect(projects(page).getByRole('listitem')).toHaveCount(2);
    await app.notice.getByRole('button', { name: 'Undo' }).click();
    await expect(projects(page).getByRole('listitem')).toHaveCount(3);
  });

  await test.step('the copy has the masks and the video', async () => {
    await page.getByRole('button', { name: 'Open The disc copy' }).click();
    await app.ready();
    expect(await objects(app)).toBe(first);
    expect((await app.state()).project).toMatchObject({ name: 'The disc copy', saved: 'saved' });
  });
});

test('a project as a file comes back without its video, which is then asked for', async ({ page }, info) => {
  const app = new App(page);
  await app.goto();
  await begin(app);
  await app.isSaved();
  const before = await objects(app);
  const download = page.waitForEvent('download');
  await page.keyboard.press('Control+s');
  const path = info.outputPath('tiny.masklet');
  await (await download).saveAs(path);
  expect((await readFile(path)).subarray(0, 15).toString()).toBe('SQLite format 3');

  await app.dropFile(path, '');
  await phase(app).toBe('no-video');
  expect(await objects(app)).toBe(before);
  expect(await app.mask(1, 0)).not.toBeNull();
  await expect(page.getByRole('status')).toContainText('“tiny.mp4” is not kept with this project');
  expect(Object.keys(await app.exportFiles())).toContain('masks/00000.png');
  await page.keyboard.press('Escape');

  await app.openFile(fixture('two-shots.mp4'));
  await expect(app.alert).toContainText('“two-shots.mp4” is not the video of this project');
  await phase(app).toBe('no-video');
  await app.openFile(fixture('tiny.mp4'));
  await app.ready();
  expect(await objects(app)).toBe(before);

  await test.step('of a damaged file, what can be read comes back', async () => {
    const bytes = await readFile(path);
    // A digit of the time of the second frame.
    bytes[bytes.indexOf('"timestamps":[0,0.0') + 20]! ^= 0x40;
    const damaged = info.outputPath('damaged.masklet');
    await writeFile(damaged, bytes);
    await app.dropFile(damaged, '');
    await expect(app.alert.last()).toContainText('their times are estimates. All the rest is here.');
    await phase(app).toBe('no-video');
    expect(await objects(app)).toBe(before);
    await app.openFile(fixture('tiny.mp4'));
    await app.ready();
  });

  await test.step('what is no project is refused', async () => {
    await app.openFile(fixture('not-media.txt'));
    await expect(app.alert.last()).toBeVisible();
    expect(await objects(app)).toBe(before);
  });
});

test('one tab writes; another one looks, and can take over', async ({ page, context }) => {
  const app = new App(page);
  await app.goto();
  await begin(app);
  await app.isSaved();
  await expect(page.getByTitle(/The video is kept with the project/)).toBeVisible();
  const second = new App(await context.newPage());
  await second.goto();
  await phase(second).toBe('empty');
  await second.page.getByRole('button', { name: 'Open tiny' }).click();
  await expect(second.page.getByRole('status')).toContainText('Another tab has had this project since');
  await second.ready();
  expect(await objects(second)).toBe(await objects(app));
  await second.clickAt(0.9, 0.1);
  await expect(second.notice).toContainText('Take it over to change it here');

  await second.button('Take over').click();
  await expect.poll(async () => (await second.state()).project.saved, SOON).toBe('saved');
  await expect(page.getByRole('status')).toContainText('Another tab has had this project since');
  await second.ready();
  await second.button('Add object').click();
  await second.isSaved();
  expect((await second.state()).objects).toHaveLength(2);
  expect((await app.state()).objects).toHaveLength(1);
});

test('a full storage stops saving, says so, and harms nothing', async ({ page, context }, info) => {
  const app = new App(page);
  await app.goto();
  await begin(app);
  await app.isSaved();
  await expect(page.getByTitle(/The video is kept with the project/)).toBeVisible();
  const session = await context.newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await app.button('Add object').click();
  await app.clickAt(0.9, 0.1);
  await app.hasMask(2, 0, 'prompted');
  await expect(app.alert).toContainText('Not saved: the browser’s storage is full');
  expect((await app.state()).project.saved).toBe('failed');
  const unsaved = await objects(app);

  // A file has what could not be saved.
  const path = info.outputPath('tiny.masklet');
  const download = page.waitForEvent('download');
  await app.alert.getByRole('button', { name: 'Save project as a file' }).click();
  await (await download).saveAs(path);
  await expect(app.notice.filter({ hasText: 'on its way to your downloads' })).toBeVisible();

  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await app.isSaved();
  await expect(app.alert).toBeHidden();
  await page.reload();
  await app.ready();
  expect(await objects(app)).toBe(unsaved);
  await app.dropFile(path, '');
  await phase(app).toBe('no-video');
  expect(await objects(app)).toBe(unsaved);
});

test('a damaged project is set aside, and what can be read comes back', async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await begin(app);
  await app.isSaved();
  await app.button('Projects').click();
  await phase(app).toBe('empty');
  const damage = async () => {
    const folder = async (at: FileSystemDirectoryHandle, name: string) => at.getDirectoryHandle(name);
    const all = await folder(await navigator.storage.getDirectory(), 'projects');
    for await (const id of all.keys()) {
      const pool = await folder(await folder(await folder(all, id), 'database'), '.opaque');
      for await (const handle of pool.values()) {
        const file = await (handle as FileSystemFileHandle).getFile();
        if (file.size < 100_000) continue;
        const writable = await (handle as FileSystemFileHandle).createWritable({ keepExistingData: true });
        // Behind the header of the pool, the seventh page of the database: the first of the masks.
        const position = 4096 + 6 * 8192;
        await writable.write({ type: 'write', position, data: new Uint8Array(8192).fill(9) });
        await writable.close();
      }
    }
  };
  // The worker lets go of the files as it closes the project.
  await expect(() => page.evaluate(damage)).toPass();
  await page.reload();
  await page.getByRole('button', { name: 'Open tiny' }).click();
  await expect(app.alert).toContainText('The project was damaged.');
  await expect(app.alert.getByRole('button', { name: 'Save the damaged file' })).toBeVisible();
  // The masks are lost, but not what was clicked: its mask is decoded again.
  await app.hasMask(1, 0, 'prompted');
  expect((await app.state()).objects).toHaveLength(1);
  await app.ready();
  await app.button('Add object').click();
  await app.isSaved();
});

test('what is known of saving is behind the word, with what can be done about the video', async ({
  page,
}) => {
  const app = new App(page);
  await app.goto();
  await begin(app);
  await app.isSaved();
  const before = await objects(app);
  // The name that a screen reader hears is the word: it does not tick.
  await expect(app.button('Saved')).toHaveText(/^Saved (just now|\d+ s ago)$/);
  await app.button('Saved').click();
  const panel = page.getByRole('dialog', { name: 'Saving' });
  await expect(panel).toContainText(/All work was saved (just now|\d+ s ago)/);
  await expect(panel).toContainText('The video is kept with the project');
  await panel.getByRole('checkbox', { name: /Keep videos of up to 200 MB/ }).uncheck();
  await panel.getByRole('button', { name: 'Delete the copy of the video' }).click();
  await expect(panel.getByRole('button', { name: 'Keep this video' })).toBeVisible();
  await expect(panel).not.toContainText('The video is kept with the project');
  await page.clock.setSystemTime(Date.now() + 300_000);
  await expect(app.button('Saved')).toHaveText('Saved 5 min ago');
  await expect(panel).toContainText('All work was saved 5 min ago.');

  await page.reload();
  await phase(app).toBe('no-video');
  await app.openFile(fixture('tiny.mp4'));
  await app.ready();
  expect(await objects(app)).toBe(before);
  await app.button('Saved').click();
  await expect(panel.getByRole('checkbox')).not.toBeChecked();
  await panel.getByRole('button', { name: 'Keep this video' }).click();
  await expect(panel).toContainText('The video is kept with the project');
  await page.reload();
  await app.ready();
  expect(await objects(app)).toBe(before);
});

test('a video that is not copied is found again where it was opened', async ({ page }) => {
  const app = await openFromDisk(page, fixture('tiny.mp4'));
  await app.clickAt(80 / 320, 110 / 180);
  await app.hasMask(1, 0, 'prompted');
  await app.isSaved();
  await app.button('Projects').click();
  await page.getByRole('button', { name: 'Duplicate tiny' }).click();
  await page.getByRole('button', { name: 'Open tiny copy' }).click();
  await app.ready();
  await expect(page.getByTitle(/The video is kept/)).toBeHidden();
  await page.reload();
  await app.ready();
  expect((await app.state()).project.name).toBe('tiny copy');
});

test('a tracking run can be brought back after corrections, and that undone', async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await begin(app);
  await app.button('Track').click();
  await app.hasMask(1, 23, 'tracked');
  await app.ready();
  await app.isSaved();
  const tracked = await objects(app);
  await app.button('Undo').click();
  await app.button('Undo').click();
  await app.clickAt(0.9, 0.1);
  await app.hasMask(1, 23, 'prompted');
  await app.isSaved();
  await page.reload();
  await app.ready();
  const corrected = await objects(app);
  expect(corrected).not.toBe(tracked);
  await page.keyboard.press('u');
  await page
    .getByRole('list', { name: 'Bring back a tracking run' })
    .getByRole('button', { name: /Object 1: 24 masks/ })
    .click();
  await expect.poll(() => objects(app), SOON).toBe(tracked);
  await app.notice.getByRole('button', { name: 'Undo' }).click();
  expect(await objects(app)).toBe(corrected);
});

test('the check of saving crashes a scratch project, which comes back and goes', async ({ page }) => {
  const app = new App(page);
  await app.goto();
  await begin(app);
  await app.isSaved();
  await app.button('Saved').click();
  await page.getByRole('button', { name: 'Check that work is saved' }).click();
  await expect(app.notice).toContainText(
    /Saving works: \d+ masks of a scratch project .* in the middle of a save\. \d+ came back\./,
  );
  const [, said, back] = /: (\d+) masks.* (\d+) came back/.exec(await app.notice.innerText()) ?? [];
  expect(Number(back)).toBeGreaterThanOrEqual(Number(said));
  expect(Number(back)).toBeLessThan(240);
  await page.keyboard.press('Escape');
  await app.button('Projects').click();
  await expect(projects(page).getByRole('listitem')).toHaveCount(1);
  const folders = await page.evaluate(async () => {
    const all = await (await navigator.storage.getDirectory()).getDirectoryHandle('projects');
    let count = 0;
    for await (const _ of all.keys()) count++;
    return count;
  });
  expect(folders).toBe(1);
});

test('a file that is handed to the downloads stays until it is copied, whatever other tabs do', async ({
  page,
  context,
}) => {
  const app = new App(page);
  await app.goto();
  await begin(app);
  await app.exportFiles();
  expect(await app.exportsKept()).toBe(1);
  const second = new App(await context.newPage());
  await second.goto();
  await second.openFile(fixture('image.png'));
  await second.ready();
  expect(await app.exportsKept()).toBe(1);
  await page.close();
  await second.goto();
  await expect.poll(() => second.exportsKept(), SOON).toBe(0);
});
