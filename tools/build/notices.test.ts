import { expect, it } from 'vitest';
import { noticesText, type PackageNotice } from './notices.ts';

const notice = (name: string, licence: string, text?: string): PackageNotice => ({
  ...{ name, licence, text, version: '1.0.0', author: 'A. Writer', repository: 'https://example.com/x' },
});
const APP = notice('masklet', 'MIT', 'MIT License of the app');

it('names each package with its licence, and lends a text to one that has none', () => {
  const text = noticesText(APP, [
    notice('with-text', 'MIT', 'MIT License\n\nCopyright (c) 2020 Somebody\n\nPermission is hereby granted'),
    notice('without-text', 'MIT'),
  ]);
  expect(text).toContain('Masklet 1.0.0\nLicence: MIT');
  expect(text).toContain('without-text 1.0.0\nLicence: MIT\nAuthor: A. Writer');
  expect(text.match(/Permission is hereby granted/g)).toHaveLength(2);
  expect(text.match(/Somebody/g)).toHaveLength(1);
});

it('refuses a licence that does not let the app contain the package', () => {
  expect(() => noticesText(APP, [notice('closed', 'UNLICENSED')])).toThrow('may not contain closed');
});
