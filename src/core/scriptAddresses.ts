/** As much of the browser's Trusted Types as is used here; TypeScript's library does not have them. */
interface ScriptScope {
  readonly location: { readonly origin: string; readonly href: string };
  /** Only a window has one. */
  readonly document?: unknown;
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { readonly createScriptURL: (address: string) => string }): unknown;
  };
}

/**
 * Where the browser enforces Trusted Types: lets only addresses on the page's own server become scripts or workers, and no text
 * become code or markup at all. A worker may also start what it made itself, as `mediabunny` does for transparent video. To be called
 * once in each window and worker, before anything else.
 */
export function guardScriptAddresses(scope: unknown): void {
  const { location, document, trustedTypes } = scope as ScriptScope;
  if (!trustedTypes) return;
  const own = [`${location.origin}/`, ...(document === undefined ? [`blob:${location.origin}/`] : [])];
  trustedTypes.createPolicy('default', {
    createScriptURL(address) {
      const { href } = new URL(address, location.href);
      if (own.some((start) => href.startsWith(start))) return href;
      throw new TypeError(`No script comes from ${href}.`);
    },
  });
}
