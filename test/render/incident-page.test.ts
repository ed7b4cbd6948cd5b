import { describe, expect, test } from "vitest";
import { renderIncidentHtml } from "../../src/render/html/page.ts";
import { renderIncidentMarkdown } from "../../src/render/incident/markdown.ts";
import { incidentOf, recorded } from "../support/incident-of.ts";
import { largeIncident } from "../support/large-incident.ts";
import { attacks, poisoned } from "../support/poisoned.ts";

const report = incidentOf(await recorded("lab-rollout-bad-revision"));
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/; // oxlint-disable-line no-control-regex

/** Tags with their attributes, which hold nothing that was read but numbers. */
const skeleton = (html: string): string[] =>
  (html.replace(/<style>[^<]*<\/style>/, "").match(/<[^>]*>/g) ?? []).filter(
    (tag) => !tag.startsWith('<meta name="generator"'),
  );

/** Headings, fences and rows with as many cells as they have. */
const shape = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => /^(#|\||\s*```)/.test(line))
    .map((line) =>
      line.startsWith("|") ? `${line.replace(/\\./gs, "").split("|").length}` : line.slice(0, 3),
    );

describe.each(attacks)("a stranger writes %j", (attack) => {
  test("the page has the tags that it has without it", () => {
    const html = renderIncidentHtml(poisoned(report, attack));
    expect(skeleton(html)).toEqual(skeleton(renderIncidentHtml(poisoned(report, "x"))));
    expect(html).not.toMatch(controls);
  });

  test("Markdown has the headings, fences and cells that it has without it", () => {
    const text = renderIncidentMarkdown(poisoned(report, attack));
    expect(shape(text)).toEqual(shape(renderIncidentMarkdown(poisoned(report, "x"))));
    expect(text).not.toMatch(controls);
  });
});

describe("the page", () => {
  const html = renderIncidentHtml(report);

  test("needs nothing from elsewhere and runs nothing", () => {
    expect(html).toContain("default-src &#39;none&#39;; style-src");
    expect(html).not.toMatch(/<script|<iframe|<object|<img|@import|url\((?!#)|\son\w+=/i);
    expect(html.match(/(?:src|href)="(?!#|data:,")[^"]*"/g)).toBeNull();
  });

  test("has one heading of the first level and leaves out no level", () => {
    const levels = [...html.matchAll(/<h(\d)/g)].map((m) => Number(m[1]));
    expect(levels.filter((l) => l === 1)).toEqual([1]);
    expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([]);
  });

  test("every id is there once, and what refers to one finds it", () => {
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map((m) => m[1] ?? "");
    expect(ids.length).toBe(new Set(ids).size);
    const used = [...html.matchAll(/aria-labelledby="([^"]*)"|url\(#([^)]*)\)|href="#([^"]*)"/g)];
    const names = used.flatMap((m) => (m[1] ?? m[2] ?? m[3] ?? "").split(" "));
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !ids.includes(name))).toEqual([]);
  });

  test("names of ten thousand letters are cut in the picture and whole in the tables", () => {
    const name = `web-${"x".repeat(10_000)}-end`;
    const [target] = report.targets;
    if (target === undefined) throw new Error("no target");
    const lanes = target.timeline.lanes.map((lane) => ({ ...lane, name }));
    const long = renderIncidentHtml({
      ...report,
      targets: [{ ...target, timeline: { ...target.timeline, lanes } }],
    });
    const [svg = ""] = /<svg[^]*<\/svg>/.exec(long) ?? [];
    expect(svg.length).toBeLessThan(40_000);
    expect(svg).toMatch(/web-x+…x+-end/);
    expect(long.slice(long.indexOf("</svg>"))).toContain(name);
  });

  test("of five hundred pods it stays below 100 kB", () => {
    expect(renderIncidentHtml(incidentOf(largeIncident(500))).length).toBeLessThan(100_000);
  });

  test("with nothing found it says so", () => {
    const quiet = renderIncidentHtml({ ...report, targets: [], title: "No failure found" });
    expect(quiet).toContain("no failure and nothing broken found");
  });
});

describe("Markdown", () => {
  test("draws the failures as a line of blocks whose number is that of the steps", () => {
    const text = renderIncidentMarkdown(report);
    const bins = report.targets[0]?.timeline.bins;
    const [, line = ""] = /502 closed-before-header {2}([·▁▂▃▄▅▆▇█]+) {2}240, at most 17/.exec(text) ?? [];
    expect(Array.from(line)).toHaveLength(bins?.series[0]?.counts.length ?? -1);
    expect(Array.from(line).filter((c) => c !== "·")).toHaveLength(
      bins?.series[0]?.counts.filter((n) => n > 0).length ?? -1,
    );
  });

  test("says what is to be filled in where nobody wrote down whom to call, and invents nobody", () => {
    const text = renderIncidentMarkdown(report);
    expect(text).toContain("- not filled in: contacts");
    const filled = renderIncidentMarkdown({
      ...report,
      escalation: {
        severity: "SEV-1",
        timeBox: "20m",
        contacts: [{ name: "Ada", reach: "+49 30 5550123" }],
        missing: [],
        message: ["one", "two"],
      },
    });
    expect(filled).toContain("- Ada: \\+49 30 5550123");
    expect(filled).not.toContain("not filled in");
  });
});
