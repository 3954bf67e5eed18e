import styles from './ErrorBoundary.module.css';

/*
 * Imported before everything else: at an address where browsers hold back what Masklet needs, it shows where to open the page,
 * and throws, so that nothing else is evaluated.
 */

const SENTENCE =
  'The browser lets a page decode videos, keep work and check model files only where nobody on the way can change the page. ' +
  'Open Masklet at an address that begins with https://, or on this computer at http://localhost.';

if (!isSecureContext) {
  const page = document.createElement('main');
  page.className = styles.page ?? '';
  page.setAttribute('role', 'alert');
  const [title, text] = [document.createElement('h1'), document.createElement('p')];
  title.textContent = 'This address is not secure';
  text.textContent = SENTENCE;
  page.append(title, text);
  document.getElementById('root')?.append(page);
  throw new Error('This address is not secure.');
}
