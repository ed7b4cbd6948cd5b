import { describe, expect, test } from "vitest";
import type { Command } from "../../src/cli/command.ts";
import { type CommandName, commandNames, commands, flagOf, flagsOf } from "../../src/cli/commands.ts";
import { flagText } from "../../src/cli/flags.ts";
import { commandHelp, generalHelp } from "../../src/cli/help.ts";
import { parse } from "../../src/cli/parse.ts";

describe.each(commandNames)("%s", (name: CommandName) => {
  const command: Command = commands[name];
  const help = commandHelp(name, "why5xx");

  test("its help names every flag it takes and no other", () => {
    const named = help
      .split("\n")
      .flatMap((line) => /^ {2}((?:-\w, )?--[a-z\d-]+(?: [A-Z:/|]+)?)(?: {2}|$)/.exec(line)?.[1] ?? []);
    expect(named).toEqual(flagsOf(name).map((flag) => flagText(flag, flagOf(name, flag))));
  });

  test("each example can be parsed, and runs a command that exists", () => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const { command: line } of command.examples) {
      const words = line.split(" > ")[0]?.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
      const parsed = parse(words.map((word) => word.replace(/^(["'])(.*)\1$/, "$2")));
      expect([name, "diagnose"]).toContain(parsed.command);
    }
  });

  test("no line is wider than a terminal", () => {
    for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
  });
});

test("general help names every command and both ways of calling", () => {
  const help = generalHelp("kubectl why5xx");
  for (const name of commandNames) expect(help).toContain(`  ${name} `.trimEnd());
  expect(help).toContain("  kubectl why5xx https://shop.example.com/cart\n");
  expect(help).not.toMatch(/^ {2}why5xx /m);
});
