import { CACHING, securityHeaders } from './policy.ts';

/**
 * The headers as files that static hosts read, by their names: `_headers` (Netlify, Cloudflare Pages), `.htaccess` (Apache), and
 * `headers.nginx.conf`, to be included in a server's block.
 *
 * @param hubs as `hubsOf` gives them
 */
export function headerFiles(hubs: readonly string[]): Readonly<Record<string, string>> {
  const headers = Object.entries(securityHeaders(hubs));
  const cloud = (path: string, caching: string) =>
    [path, ...headers.map(([name, value]) => `  ${name}: ${value}`), `  Cache-Control: ${caching}`].join(
      '\n',
    );
  const nginx = headers.map(([name, value]) => `add_header ${name} "${value}" always;`);
  const apache = headers.map(([name, value]) => `  Header always set ${name} "${value}"`);
  return {
    _headers: `${cloud('/*', CACHING.other)}\n\n/assets/*\n  ! Cache-Control\n  Cache-Control: ${CACHING.assets}\n`,
    '.htaccess': [
      'AddType text/javascript .mjs',
      'AddType application/wasm .wasm',
      '<IfModule mod_headers.c>',
      ...apache,
      `  Header set Cache-Control "${CACHING.other}"`,
      `  Header set Cache-Control "${CACHING.assets}" "expr=%{REQUEST_URI} =~ m#/assets/#"`,
      '</IfModule>',
      '',
    ].join('\n'),
    'headers.nginx.conf': `${nginx.join('\n')}\n`,
  };
}
