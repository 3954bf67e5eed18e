import styles from './TopBar.module.css';

/** The program's sign and name. */
export function Brand() {
  return (
    <div className={styles.brand}>
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden>
        <path
          d="M2.5 13c0-6 3.4-10.5 8-10.5S18 6.2 18 10.2 14.6 17.5 9.7 17.5 2.5 16.5 2.5 13Z"
          fill="currentColor"
          fillOpacity="0.28"
          stroke="currentColor"
          strokeWidth="1.8"
        />
        <circle cx="10.2" cy="10.2" r="2.6" fill="var(--text)" />
      </svg>
      <h1>Masklet</h1>
    </div>
  );
}
