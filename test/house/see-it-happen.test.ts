import { describe, expect, it } from "vitest";
import { faultOf, faults } from "../../lab/faults/all.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { explanation } from "../../src/cli/explain.ts";
import { shippedPages } from "../../src/cli/pages.ts";

const pages = shippedPages();

/** What `why5xx explain CAUSE` prints of the lab. */
const sectionOf = (page: string): string => {
  const [, after = ""] = page.split("\n## See it happen\n");
  return (after.split("\n## ")[0] ?? "").replace(/^\n+/, "").trimEnd();
};
const told = (id: string): string => sectionOf(explanation([id], catalogue, pages, "why5xx"));

/** The faults that a text says to run. */
const namedIn = (text: string): string[] =>
  [...text.matchAll(/\bwhy5xx lab run ([\w-]+)/g)].map((match) => match[1] ?? "");

const makes = (faultId: string, cause: string): boolean => faultOf(faultId)?.causes.includes(cause) === true;
const made = catalogue.filter(({ id }) => faults.some((fault) => fault.causes.includes(id)));
const notMade = catalogue.filter((cause) => !made.includes(cause));

/** What a page lacks: the command that makes its cause and what is seen then, or else the reason why there is none. */
function problemOf(id: string, isMade: boolean, section: string): string | undefined {
  const [first = "", ...rest] = section.split("\n\n");
  if (!isMade)
    return /^Not (in|by itself in) the lab( yet)?: \S.{20,}\.$/s.test(section) ? undefined : `${id}: why not`;
  const [command = ""] = /^ {4}why5xx lab run [\w-]+$/.test(first) ? namedIn(first) : [];
  if (!makes(command, id)) return `${id}: the command that makes it`;
  return rest.join(" ").length > 40 ? undefined : `${id}: what is seen`;
}

const problems = (section: string): (string | undefined)[] => [
  problemOf("wrong-target-port-number", true, section),
  problemOf("mesh-mtls-strict-plain-ingress", false, section),
];

describe("how to see a cause happen stands on its page", () => {
  it("with the command and what it shows, where the lab makes it", () => {
    expect(made.length).toBeGreaterThan(35);
    expect(made.flatMap(({ id }) => problemOf(id, true, told(id)) ?? [])).toEqual([]);
  });

  it("with a reason, where the lab does not", () => {
    expect(notMade.length).toBeGreaterThan(10);
    expect(notMade.flatMap(({ id }) => problemOf(id, false, told(id)) ?? [])).toEqual([]);
  });

  it("and names no fault that is not made", () => {
    const named = pages.ids.flatMap((id) => namedIn(pages.read(id)));
    expect(named.length).toBeGreaterThan(made.length);
    expect(named.filter((id) => faultOf(id) === undefined)).toEqual([]);
  });

  it("would be missed: no section, another fault's command, a command alone, a reason that is none", () => {
    const shows = "A Service's targetPort on which nothing listens: connects are refused.";
    const command = "    why5xx lab run wrong-target-port-number";
    expect(problems(sectionOf("# a page\n\n## Sources\n"))).not.toContain(undefined);
    expect(problems(`    why5xx lab run oom-killed\n\n${shows}`)).not.toContain(undefined);
    expect(problems(command)).not.toContain(undefined);
    expect(problems("Not in the lab yet.")).not.toContain(undefined);
    expect(problems(`${command}\n\n${shows}`)[0]).toBeUndefined();
    expect(problems("Not in the lab: it takes a mesh with its sidecars.")[1]).toBeUndefined();
  });
});
