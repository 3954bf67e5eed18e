import { command, COMMANDS, type CommandId } from './commands.ts';

/** The commands whose label or group contains every word of `query`; those whose label begins with it come first. */
export function matchCommands(query: string): CommandId[] {
  const start = query.trim().toLowerCase();
  const words = start.split(/\s+/);
  const labelOf = (id: CommandId) => command(id).label.toLowerCase();
  const matching = (Object.keys(COMMANDS) as CommandId[]).filter((id) => {
    const text = `${labelOf(id)} ${command(id).group.toLowerCase()}`;
    return id !== 'palette' && words.every((word) => text.includes(word));
  });
  const isFirst = (id: CommandId) => labelOf(id).startsWith(start);
  return [...matching.filter(isFirst), ...matching.filter((id) => !isFirst(id))];
}
