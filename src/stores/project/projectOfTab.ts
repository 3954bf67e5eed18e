const SESSION_KEY = 'masklet-project';

/** The project that was open in this tab before the page was loaded again. */
export function lastProjectOfTab(): string | undefined {
  try {
    return sessionStorage.getItem(SESSION_KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps which project is open. Where the browser keeps nothing for the page, another load of it shows the start page. */
export function rememberInTab(id: string | undefined): void {
  try {
    if (id === undefined) sessionStorage.removeItem(SESSION_KEY);
    else sessionStorage.setItem(SESSION_KEY, id);
  } catch (thrown) {
    console.warn('The browser keeps nothing for this tab.', thrown);
  }
}
