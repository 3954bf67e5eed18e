import type { HtmlTagDescriptor, Plugin } from 'vite';
import { headerFiles } from './headerFiles.ts';
import { contentPolicy } from './policy.ts';

/**
 * Puts the policy into the built page, for hosts that set no headers, and beside it the files from which hosts read headers.
 *
 * @param hubs as `hubsOf` gives them
 */
export function policyInBuild(hubs: readonly string[]): Plugin {
  const policy: HtmlTagDescriptor = {
    tag: 'meta',
    attrs: { 'http-equiv': 'Content-Security-Policy', content: contentPolicy(hubs) },
    injectTo: 'head-prepend',
  };
  return {
    name: 'policy-in-build',
    apply: 'build',
    transformIndexHtml: () => [policy],
    generateBundle() {
      for (const [fileName, source] of Object.entries(headerFiles(hubs)))
        this.emitFile({ type: 'asset', fileName, source });
    },
  };
}
