import { Fragment } from 'react';
import type { Command } from '../../commands/command.ts';
import { command, COMMANDS, type CommandId } from '../../commands/commands.ts';
import { AppDialog } from '../AppDialog.tsx';
import { Keys } from '../Keys.tsx';
import styles from './ShortcutsDialog.module.css';

const STAGE: readonly [gesture: string, effect: string][] = [
  ['Click', 'Add to the object'],
  ['Alt-click, right-click', 'Take away'],
  ['Drag', 'Draw a box'],
  ['Drag a point', 'Move it'],
  ['Click a point', 'Remove it'],
  ['Drag with the brush', 'Paint; take away as with a click'],
  ['Wheel, pinch', 'Zoom'],
  ['Space-drag, middle-drag, two fingers', 'Move the frame'],
  ['Arrow keys', 'Move the crosshair by 10 px'],
  ['Shift and arrow keys', 'Move it by 50 px'],
  ['Alt and arrow keys', 'Move it by 1 px'],
];

/** Every key and every gesture. */
export function ShortcutsDialog() {
  return (
    <AppDialog name="shortcuts" title="Keyboard shortcuts" wide>
      <div className={styles.sections}>
        <Section title="On the frame">
          {STAGE.map(([gesture, effect]) => (
            <Row key={gesture} label={effect}>
              <span className={styles.gesture}>{gesture}</span>
            </Row>
          ))}
        </Section>
        {Object.entries(commandsByGroup()).map(([group, commands]) => (
          <Section key={group} title={group}>
            {commands.map(({ label, shortcuts }) => (
              <Row key={label} label={label}>
                {shortcuts.map((shortcut, at) => (
                  <Fragment key={at}>
                    {at > 0 && <span className={styles.or}>or</span>}
                    <Keys shortcut={shortcut} />
                  </Fragment>
                ))}
              </Row>
            ))}
          </Section>
        ))}
      </div>
    </AppDialog>
  );
}

function commandsByGroup(): Record<string, Command[]> {
  const commands = (Object.keys(COMMANDS) as CommandId[]).map(command);
  return Object.groupBy(commands, ({ group }) => group);
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section className={styles.section}>
      <h3>{title}</h3>
      <dl>{children}</dl>
    </section>
  );
}

function Row({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div className={styles.row}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
