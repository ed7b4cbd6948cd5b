import type { Command } from "./command.ts";
import { incidentCommands } from "./commands/incident.ts";
import { inspectionCommands } from "./commands/inspection.ts";
import { referenceCommands } from "./commands/reference.ts";
import { commonFlags, type Flag, type FlagName, flags } from "./flags.ts";

/** Every command once, in the order of help. */
export const commands = { ...incidentCommands, ...inspectionCommands, ...referenceCommands };

export type CommandName = keyof typeof commands;

export const commandNames = Object.keys(commands) as CommandName[];

export const isCommand = (word: string): word is CommandName => Object.hasOwn(commands, word);

/** The command's own flags, then those that every command takes. */
export const flagsOf = (name: CommandName): FlagName[] => [
  ...(commands[name] as Command).flags,
  ...commonFlags,
];

/** What the flag means to the command. */
export const flagOf = (command: CommandName, name: FlagName): Flag => ({
  ...flags[name],
  ...(commands[command] as Command).own?.[name],
});
