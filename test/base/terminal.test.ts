import { describe, expect, test } from "vitest";
import { type TerminalFacts, terminalStyle } from "../../src/base/terminal.ts";

const style = (facts: Partial<TerminalFacts>) =>
  terminalStyle({ env: { LANG: "en_US.UTF-8" }, isTty: true, columns: 90, noColor: false, ...facts });

describe("colour", () => {
  test.each([
    ["a terminal", {}, true],
    ["a pipe", { isTty: false }, false],
    ["NO_COLOR", { env: { NO_COLOR: "1" } }, false],
    ["an empty NO_COLOR", { env: { NO_COLOR: "" } }, true],
    ["FORCE_COLOR in a pipe", { isTty: false, env: { FORCE_COLOR: "1" } }, true],
    ["FORCE_COLOR=0", { env: { FORCE_COLOR: "0" } }, false],
    ["FORCE_COLOR before NO_COLOR", { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, true],
    ["--no-color before all", { noColor: true, env: { FORCE_COLOR: "1" } }, false],
    ["a dumb terminal", { env: { TERM: "dumb" } }, false],
  ])("%s", (_, facts, hasColor) => expect(style(facts).hasColor).toBe(hasColor));
});

describe("character set", () => {
  test.each([
    [{ LANG: "C" }, false],
    [{}, false],
    [{ LANG: "de_DE.utf8" }, true],
    [{ LC_ALL: "C", LANG: "en_US.UTF-8" }, false],
    [{ LC_ALL: "", LC_CTYPE: "C.UTF-8" }, true],
    [{ WT_SESSION: "1" }, true],
  ])("%j", (env, hasUnicode) => expect(style({ env }).hasUnicode).toBe(hasUnicode));
});

describe("width", () => {
  test.each([
    [{ columns: 90 }, 90],
    [{ columns: undefined }, 100],
    [{ columns: 300 }, 120],
    [{ columns: 10 }, 40],
    [{ env: { COLUMNS: "72" }, columns: 90 }, 72],
    [{ env: { COLUMNS: "wide" }, columns: 90 }, 90],
  ])("%j", (facts, width) => expect(style(facts).width).toBe(width));
});
