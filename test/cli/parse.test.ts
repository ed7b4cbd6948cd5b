import { describe, expect, test } from "vitest";
import { durationMs } from "../../src/cli/duration.ts";
import { flagNames, flags, type Flag } from "../../src/cli/flags.ts";
import { commandNames, flagsOf } from "../../src/cli/commands.ts";
import { parse } from "../../src/cli/parse.ts";

describe("what is understood", () => {
  test.each([
    [[], { command: "diagnose", operands: [], values: {} }],
    [["shop.example.com/cart"], { command: "diagnose", operands: ["shop.example.com/cart"], values: {} }],
    [["diagnose", "bundle"], { command: "diagnose", operands: ["bundle"], values: {} }],
    [
      ["-n", "shop", "ingress/cart"],
      { command: "diagnose", operands: ["ingress/cart"], values: { namespace: "shop" } },
    ],
    [
      ["-nshop", "-ojson"],
      { command: "diagnose", operands: [], values: { namespace: "shop", output: "json" } },
    ],
    [
      ["--since=2h", "-A"],
      { command: "diagnose", operands: [], values: { since: "2h", "all-namespaces": true } },
    ],
    [
      ["-n", "shop", "bundle", "out"],
      { command: "bundle", operands: ["out"], values: { namespace: "shop" } },
    ],
    [
      ["--access-log", "a", "--access-log", "-", "--error-log", "e"],
      { command: "diagnose", operands: [], values: { "access-log": ["a", "-"], "error-log": ["e"] } },
    ],
    [
      ["explain", "connection", "refused"],
      { command: "explain", operands: ["connection", "refused"], values: {} },
    ],
    [["diagnose", "--", "-odd"], { command: "diagnose", operands: ["-odd"], values: {} }],
    [["explain", "--help"], { command: "explain", operands: [], values: { help: true } }],
  ])("%j", (args, expected) => expect(parse(args)).toMatchObject(expected));
});

describe("what is refused, with what would be accepted", () => {
  test.each([
    [["--form", "x"], "there is no flag --form. Did you mean --for, --from, --format?"],
    [["--acces-log", "x"], "Did you mean --access-log"],
    [["-x"], "there is no flag -x. See: --help"],
    [["diagnos"], '"diagnos" is not a command. Did you mean diagnose?'],
    [["cuases"], "Did you mean causes?"],
    [["--from"], "--from needs a value: --from PATH."],
    [["--from", "--verbose"], "--from needs a value: --from PATH."],
    [["--from="], "--from needs a value"],
    [["--verbose=yes"], "--verbose takes no value."],
    [["logs", "a.log", "-o", "yaml"], "-o yaml: choose one of text, json, markdown."],
    [["a.example", "b.example"], '"b.example" is one too many'],
    [["causes", "x"], "causes takes no operand"],
    [["causes", "--from", "x"], "causes has no flag --from"],
    [["bundle"], "Say where to write it"],
    [["explain"], "Name a cause"],
  ])("%j", (args, message) => expect(() => parse(args)).toThrow(message));

  test("every flag, given twice or not at all, is known to some command", () => {
    const used = new Set(commandNames.flatMap(flagsOf));
    expect(flagNames.filter((name) => !used.has(name))).toEqual(["version"]);
  });

  test("no two flags share a short letter", () => {
    const letters = flagNames.flatMap((name) => (flags[name] as Flag).short ?? []);
    expect(new Set(letters).size).toBe(letters.length);
  });
});

describe("durations", () => {
  test.each([
    ["1h", 3_600_000],
    ["1h30m", 5_400_000],
    ["90s", 90_000],
    ["1.5h", 5_400_000],
    ["500ms", 500],
    ["2d", 172_800_000],
  ])("%s", (text, ms) => expect(durationMs(text, "--since")).toBe(ms));
  test.each(["", "1", "h", "-1h", "1 h", "0s", "1hour", "1e3s", "9".repeat(30) + "d"])("not %j", (text) =>
    expect(() => durationMs(text, "--since")).toThrow("--since"),
  );
});
