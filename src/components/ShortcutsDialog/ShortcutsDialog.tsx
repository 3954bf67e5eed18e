import { Fragment } from 'react';
import type { Command } from '../../commands/command.ts';
import { command, COMMANDS, type CommandId } from '../../commands/commands.ts';
import { CommandButton } from '../Button/CommandButton.tsx';
import { AppDialog } from '../AppDialog.tsx';
import { Keys } from '../Keys.tsx';
import { LANE_LEGEND } from '../Timeline/laneLegend.ts';
import styles from './ShortcutsDialog.module.css';

const STAGE: readonly [gesture: string, effect: string][] = [
  ['Click', 'Add to the object'],
  ['Alt-click, right-click', 'Take away'],
  ['Drag', 'Draw a box'],
  ['Drag a point', 'Move it'],
  ['Click a point', 'Remove it'],
  ['Drag with the brush', 'Paint, or take away as with a click'],
  ['Wheel, pinch', 'Zoom'],
  ['Space-drag, middle-drag, two fingers', 'Move the frame'],
  ['Arrow keys', 'Move the crosshair by 10 px'],
  ['Shift and arrow keys', 'Move it by 50 px'],
  ['Alt and arrow keys', 'Move it by 1 px'],
];

/** Every key, every gesture, and every mark on a lane. */
export function ShortcutsDialog() {
  return (
    <AppDialog name="shortcuts" title="Keyboard shortcuts" wide>
      <div className={styles.sections}>
        <Signs title="On the frame" signs={STAGE} />
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
        <Signs title="On a lane" signs={LANE_LEGEND} />
      </div>
      <CommandButton id="about" />
    </AppDialog>
  );
}

function commandsByGroup(): Record<string, Command[]> {
  const commands = (Object.keys(COMMANDS) as CommandId[]).map(command);
  return Object.groupBy(commands, ({ group }) => group);
}

interface SignsProps {
  readonly title: string;
  /** A gesture or a mark, and what it does or means. */
  readonly signs: readonly (readonly [sign: string, meaning: string])[];
}

function Signs({ title, signs }: SignsProps) {
  return (
    <Section title={title}>
      {signs.map(([sign, meaning]) => (
        <Row key={sign} label={meaning}>
          <span className={styles.gesture}>{sign}</span>
        </Row>
      ))}
    </Section>
  );
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
