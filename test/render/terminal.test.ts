import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import type { TerminalStyle } from "../../src/base/terminal.ts";
import { displayWidth } from "../../src/base/text.ts";
import { renderTerminal } from "../../src/render/terminal.ts";
import { explained, healthy, partlyExplained, reportOf, undecided } from "./sample-reports.ts";

const plain: TerminalStyle = { width: 100, hasColor: false, hasUnicode: true };
const render = (
  report: Parameters<typeof renderTerminal>[0],
  style: Partial<TerminalStyle> = {},
  verbose = false,
): string => renderTerminal(report, { style: { ...plain, ...style }, verbose });

const commandsOf = (target: typeof explained): string[] =>
  target.findings.flatMap((f) => [
    ...f.clues.flatMap((c) => (c.see === undefined ? [] : [c.see])),
    ...f.fixes.flatMap((x) => x.commands),
  ]);

const lineWith = (lines: readonly string[], part: string): number =>
  lines.findIndex((line) => line.includes(part));

describe("one explained target", () => {
  const text = render(reportOf([explained]));
  const lines = text.split("\n");

  test("the answer, its confidence and its share stand before everything else", () => {
    const order = [
      "✗ The Service",
      "98% confident, explains 1,753 of 1,753 failures",
      "Path",
      "Evidence",
      "Fix:",
      "Ruled out",
    ];
    const at = order.map((part) => lineWith(lines, part));
    expect(at[0]).toBeGreaterThan(0);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
  });

  test("the path is in the report's order and exactly the broken hop is marked", () => {
    const hops = lines.filter((line) => /^ {2}[→┄] /.test(line)).map((line) => line.trim().split(/ +/)[1]);
    expect(hops).toEqual(["gateway", "route", "service", "endpoints", "pod"]);
    expect(
      lines.filter((line) => line.includes("broken here")).map((line) => line.trim().split(/ +/)[1]),
    ).toEqual(["service"]);
  });

  test("every clue shows its source and its command; the fix says how safe it is", () => {
    for (const clue of explained.findings[0]?.clues ?? []) expect(text).toContain(clue.source);
    expect(text).toContain("read before you run");
    for (const command of commandsOf(explained)) expect(lines).toContain(`      ${command}`);
  });

  test("five causes ruled out, all with --verbose", () => {
    expect(text).toContain("… 2 more with --verbose");
    expect(text).not.toContain("slow-dependency");
    expect(render(reportOf([explained]), {}, true)).toContain(
      "− slow-dependency: no attempt waited for an answer",
    );
  });

  test("what could not be known, and what that leaves open", () => {
    expect(text.replace(/\s+/g, " ")).toContain(
      "forbidden: cannot list networkpolicies in shop; leaves open network-policy-blocks-ingress",
    );
  });
});

test("a chain reads outermost first, and its outer links are no causes beside it", () => {
  const text = render(reportOf([partlyExplained]));
  expect(text).toMatch(
    /502, 503: No endpoint .*\n +└ because The new revision.*\n +└ because The readiness probe/,
  );
  expect(text).not.toContain("Also: No endpoint");
  expect(text).toContain("✗ Also: A container was killed");
  expect(text).toContain("partly explained · 93% confident, explains 361 of 412 failures");
  expect(render(reportOf([partlyExplained]), {}, true)).toContain(
    "In the chain: No endpoint of the Service is ready",
  );
});

test("undecided: what stays possible and where to look", () => {
  const text = render(reportOf([undecided]));
  expect(text).toContain("requests were not counted");
  expect(text).toContain("? keepalive-idle-race: the gateway's log was not read");
  expect(text).toContain("      kubectl logs -n ingress-nginx deploy/controller --since=1h\n");
  expect(text).not.toContain("confident");
});

test("healthy: no evidence section, no alarm", () => {
  const text = render(reportOf([healthy]));
  expect(text).toContain("✓ No request failed");
  expect(text).not.toMatch(/✗|Evidence|Fix:|Ruled out/);
  expect(render(reportOf([healthy]), {}, true)).toContain("Ruled out");
});

describe("several targets", () => {
  const report = reportOf([explained, partlyExplained, undecided, healthy], {
    scope: { routes: 14, healthy: 9, undecided: 0, missing: [] },
    losses: [{ what: "log of Pod a/b", why: "cut at 64 MiB" }],
  });
  test("a table first, in the report's order, then all but the healthy", () => {
    const text = render(report);
    const rows = text.split("\n").slice(0, 5);
    expect(rows[0]).toMatch(/STATUS +TARGET +FAILED +CAUSE +SURE/);
    expect(report.targets.every((t, i) => rows[i + 1]?.includes(t.target))).toBe(true);
    expect(text).not.toContain("No request failed");
    expect(render(report, {}, true)).toContain("No request failed");
    expect(text).toMatch(/9 more\swith nothing to report/);
    expect(text).toContain("log of Pod a/b: cut at 64 MiB");
  });
  test("too narrow for a table: stacked, and no target is cut", () => {
    const lines = render(report, { width: 40 }).split("\n");
    expect(lines[0]).toBe("✗ shop.example.com/cart");
    expect(lines.slice(1, 3)).toEqual([
      "    explained, 1,753 of 1,754,",
      "    no-endpoints-selector-mismatch, 98%",
    ]);
  });
});

test("no route is not the same as nothing wrong", () => {
  expect(render(reportOf([]))).toContain("No route was found, so nothing was diagnosed");
  expect(render(reportOf([], { scope: { routes: 3, healthy: 3, undecided: 0, missing: [] } }))).toContain(
    "Nothing to report: 3 routes looked at",
  );
});

describe.each([40, 60, 80, 120])("at %i columns", (width) => {
  test.each([true, false])("only commands and single long words are wider (unicode %s)", (hasUnicode) => {
    const report = reportOf([explained, partlyExplained, undecided, healthy]);
    const commands = new Set(
      report.targets.flatMap((t) => [...commandsOf(t), ...t.next, ...t.findings.map((f) => f.lookAt)]),
    );
    const lines = render(report, { width, hasUnicode }, true).split("\n");
    const tooWide = lines.filter(
      (line) => displayWidth(line) > width && !commands.has(line.trim().replace(/^\d\. /, "")),
    );
    expect(tooWide.filter((line) => !/^ *(\S+|[→┄>:] \w+ +\S \S+)$/.test(line))).toEqual([]);
    expect(tooWide.length).toBeLessThan(width > 60 ? 1 : 10);
    for (const command of commandsOf(explained)) expect(lines).toContain(`      ${command}`);
  });
});

test("colour adds nothing but colour", () => {
  const report = reportOf([explained, partlyExplained, undecided, healthy]);
  expect(stripVTControlCharacters(render(report, { hasColor: true }))).toBe(render(report));
  expect(render(report, { hasColor: true })).toContain("\u001b[31m✗");
});

test("without UTF-8 everything is ASCII, and colour still works", () => {
  const report = reportOf([{ ...explained, target: "bücher.example/東京" }]);
  expect(render(report, { hasUnicode: false })).toMatch(/^[\x20-\x7e\n]*$/);
  expect(render(report, { hasUnicode: false })).toContain("b\\u{fc}cher.example");
  expect(stripVTControlCharacters(render(report, { hasUnicode: false, hasColor: true }))).toBe(
    render(report, { hasUnicode: false }),
  );
});

test("does not call routes well whose hops could not be read", () => {
  const text = render(
    reportOf([], { scope: { routes: 12, healthy: 0, undecided: 12, missing: ["pods", "endpointslices"] } }),
  );
  expect(text).toContain("could not be judged");
  expect(text).toContain("not read were pods,");
  expect(text).not.toContain("Nothing to report");
});
