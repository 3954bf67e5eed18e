import { useEffect } from 'react';

/**
 * Stands in for the package `react-style-singleton`, by which dialogs and menus hold the page's scrolling (vite.config.ts): that
 * adds `<style>` elements, which the page's policy forbids. Style sheets that a script adopts are allowed.
 */
export function styleSingleton() {
  let users = 0;
  let sheet: CSSStyleSheet | undefined;
  return function Style({ styles }: { readonly styles: string }): null {
    useEffect(() => {
      if (users++ === 0) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(styles);
        document.adoptedStyleSheets.push(sheet);
      }
      return () => {
        if (--users > 0) return;
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
      };
    }, [styles]);
    return null;
  };
}
