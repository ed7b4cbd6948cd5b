import type { Cause } from "../../src/causes/define-cause.ts";
import type { Command } from "../../src/cli/command.ts";
import { commandNames, commands, flagsOf } from "../../src/cli/commands.ts";
import { exitCodeText } from "../../src/cli/exit-code.ts";
import { flagNames, flags, flagText } from "../../src/cli/flags.ts";

/** The README's tables, made from what the program itself uses. */

export const exitCodeTable = (): string => table(["code", "means"], Object.entries(exitCodeText));

export const commandTable = (): string =>
  table(
    ["command", "does"],
    commandNames.map((name) => [
      `\`${[name, commands[name].operands].join(" ").trim().replaceAll("|", "\\|")}\``,
      commands[name].summary,
    ]),
  );

export const flagTable = (): string =>
  table(
    ["flag", "of", "does"],
    flagNames.map((name) => [`\`${flagText(name, flags[name])}\``, commandsWith(name), meaningsOf(name)]),
  );

/** What the flag means, then what else it means to some commands. */
function meaningsOf(flag: (typeof flagNames)[number]): string {
  const own = commandNames.flatMap((name) => {
    const text = (commands[name] as Command).own?.[flag]?.text;
    return text === undefined ? [] : [{ name, text }];
  });
  const byText = Map.groupBy(own, ({ text }) => text);
  return [
    flags[flag].text,
    ...[...byText].map(([text, of]) => `Of ${of.map(({ name }) => `\`${name}\``).join(" ")}: ${text}`),
  ].join(" ");
}

export const causesTable = (causes: readonly Cause[]): string =>
  table(
    ["cause", "hop", "codes", "what"],
    causes.map(({ id, hop, codes, title }) => [
      `[\`${id}\`](docs/causes/${id}.md)`,
      hop,
      codes.join(" "),
      title,
    ]),
  );

function commandsWith(flag: (typeof flagNames)[number]): string {
  const names = commandNames.filter((name) => flagsOf(name).includes(flag));
  return names.length === commandNames.length || names.length === 0
    ? "every command"
    : names.map((n) => `\`${n}\``).join(" ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
