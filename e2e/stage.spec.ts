import { resolve } from 'node:path';
import { chromium, expect, test, type Page } from '@playwright/test';
import { App } from './app.ts';
import { blockModel } from './barCode.ts';

/** A GPU on the CPU that also draws on canvases, which SwiftShader does only behind Chromium's own use of it. */
const SOFTWARE_GPU = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
];

const LOOKS = [
  'Overlay',
  'Outline',
  'Cut-out',
  'Matte',
  'Blurred background',
  'Background colour',
  'Side by side',
];

/** Opens a clip, paints two objects that overlap, and hides a third. */
async function paintObjects(page: Page, renderer: 'canvas' | 'gpu'): Promise<App> {
  const app = new App(page);
  await blockModel(app);
  await page.goto(`/?stage=${renderer === 'gpu' ? 'software' : 'canvas'}`);
  await app.openFile(resolve(import.meta.dirname, 'fixtures/tiny.mp4'));
  await expect(app.stage).toBeVisible();
  await expect.poll(() => app.renderer()).toBe(renderer);
  return app;
}

test('x', async () => {
  const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
  const { baseURL, viewport } = test.info().project.use;
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...args, ...SOFTWARE_GPU],
  });
  for (const renderer of ['canvas', 'gpu'] as const) {
    const page = await browser.newPage({ baseURL, viewport });
    page.on('console', (m) => console.log(m.text()));
    const app = await paintObjects(page, renderer);
    await page.keyboard.press('b');
    await app.dragBox(0.2, 0.3, 0.6, 0.6);
    await app.button('Add object').click();
    await app.dragBox(0.2, 0.7, 0.6, 0.4);
    await app.button('Add object').click();
    await app.dragBox(0.75, 0.2, 0.8, 0.3);
    await page.keyboard.press('q');
    await page.mouse.move(0, 0);
    for (const look of LOOKS) {
      await page.getByRole('radio', { name: look, exact: true }).click();
      await page.waitForTimeout(300);
      await page.screenshot({ path: `/tmp/exp/${renderer}-${look}.png` });
    }
  }
  await browser.close();
});
