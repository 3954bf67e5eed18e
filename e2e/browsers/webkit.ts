import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { Builder, By, Capabilities, Key, until } from 'selenium-webdriver';
import type { OtherBrowser } from './otherApp.ts';

const SCREEN = { width: 1300, height: 900 };

const KEYS: Readonly<Record<string, string>> = { ArrowRight: Key.ARROW_RIGHT, Home: Key.HOME };

/**
 * Starts WebKitGTK's small browser on a screen that nobody sees.
 *
 * @param program its path
 * @param downloads the folder that it saves to
 */
export async function startWebKit(program: string, downloads: string): Promise<OtherBrowser> {
  const settings = await mkdtemp(join(tmpdir(), 'masklet-webkit-'));
  await writeFile(join(settings, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  const port = await freePort();
  const screen = `-screen 0 ${SCREEN.width}x${SCREEN.height}x24`;
  const server = spawn('xvfb-run', ['-a', '-s', screen, 'WebKitWebDriver', `--port=${port}`], {
    env: { ...process.env, XDG_CONFIG_HOME: settings },
    stdio: 'ignore',
    // A group of its own: the screen, the driver and the browser end together.
    detached: true,
  });
  const address = `http://127.0.0.1:${port}`;
  await expect(async () => expect((await fetch(`${address}/status`)).ok).toBe(true)).toPass();
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: program, args: ['--automation'] },
  });
  const driver = await new Builder().usingServer(address).withCapabilities(capabilities).build();
  await driver
    .manage()
    .window()
    .setRect({ x: 0, y: 0, ...SCREEN });
  return {
    goto: (page) => driver.get(page),
    reload: () => driver.navigate().refresh(),
    evaluate: (expression) => driver.executeScript(`return (${expression});`),
    click: (x, y) =>
      driver
        .actions()
        .move({ x: Math.round(x), y: Math.round(y) })
        .click()
        .perform(),
    press: (key) =>
      driver
        .actions()
        .sendKeys(KEYS[key] ?? key)
        .perform(),
    chooseFile: async (selector, path) => driver.wait(until.elementLocated(By.css(selector))).sendKeys(path),
    close: async () => {
      await driver.quit();
      if (server.pid !== undefined) process.kill(-server.pid);
      await rm(settings, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
