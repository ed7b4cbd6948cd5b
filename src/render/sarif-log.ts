import { visible } from "../base/text.ts";
import type { ObjectReport } from "../report/report.ts";
import { jsonText } from "./json.ts";
import { count, objectText } from "./words.ts";

const schemaUrl =
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** GitHub refuses a run with more of them (docs.github.com, "SARIF support for code scanning"). */
export const mostResults = 25_000;

type Level = "error" | "warning" | "note";

/** What can be found, as viewers list it. */
export interface SarifRule {
  readonly id: string;
  /** In a few words, without a full stop. */
  readonly title: string;
  readonly why: string;
  readonly level: Level;
}

export interface SarifResult {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  readonly locations: readonly object[];
  /** The same from run to run. */
  readonly fingerprint: string;
  /** Further properties of a result object of the specification, 3.27. */
  readonly more?: object;
}

export interface SarifRun {
  /** Which analysis it is: results of another one are not replaced by it. */
  readonly category: "why5xx/lint/" | "why5xx/diagnose/";
  readonly version: string;
  readonly rules: readonly SarifRule[];
  /** Worst first: what is too much for a reader is left out from the end, and said. */
  readonly results: readonly SarifResult[];
  readonly losses: readonly { readonly what: string; readonly why: string }[];
}

/** A log of SARIF 2.1.0 (OASIS) with one run, as code scanning services and editors read it. */
export function sarifLog({ category, version, rules, results, losses }: SarifRun): string {
  const indexOf = new Map(rules.map((rule, i) => [rule.id, i]));
  const tooMany = results.length - mostResults;
  const notes = [
    ...losses.map(({ what, why }) => `${what}: ${why}`),
    ...(tooMany > 0
      ? [`${count(tooMany)} more results are left out: readers take ${count(mostResults)}`]
      : []),
  ];
  const run = {
    tool: { driver: { name: "why5xx", semanticVersion: version, rules: rules.map(descriptorOf) } },
    automationDetails: { id: category },
    columnKind: "utf16CodeUnits",
    results: results.slice(0, mostResults).map((result) => ({
      ruleId: result.rule,
      ruleIndex: indexOf.get(result.rule) ?? -1,
      level: result.level,
      message: { text: withoutLinks(result.message) },
      locations: result.locations,
      partialFingerprints: { "why5xx/v1": result.fingerprint },
      ...result.more,
    })),
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: notes.map((text) => ({
          level: "warning",
          message: { text: withoutLinks(text) },
        })),
      },
    ],
  };
  return jsonText({ $schema: schemaUrl, version: "2.1.0", runs: [run] });
}

/** A viewer makes a link of "[text](target)" in a message (3.11.6): what is read from a cluster makes none. */
const withoutLinks = (text: string): string => text.replaceAll("](", "] (");

/** Where a viewer has a page for it, the command that prints the page is what it offers. */
const descriptorOf = ({ id, title, why, level }: SarifRule) => ({
  id,
  name: id.replace(/(^|-)([a-z0-9])/g, (_, _dash, letter: string) => letter.toUpperCase()),
  shortDescription: { text: `${title}.` },
  fullDescription: { text: why },
  help: {
    text: `${why}\n\nMore: why5xx explain ${id}`,
    markdown: `${why}\n\nMore: \`why5xx explain ${id}\``,
  },
  defaultConfiguration: { level },
});

/** An object, or a field of it, of which no file is known. */
export const logicalLocation = (object: ObjectReport, field = "") => ({
  name: object.name,
  fullyQualifiedName: `${objectText(object)}${field === "" ? "" : ` ${field}`}`,
  kind: "resource",
});

/** RFC 3986, relative to where the program ran for a relative path; each part encoded, so that # and ? stay in the name. */
export function artifactLocation(file: string): object {
  const path = file.replaceAll("\\", "/").replace(/^(\.\/+)+/, "");
  const uri = path.split("/").map(encodedPart).join("/");
  return path.startsWith("/") ? { uri: `file://${uri}` } : { uri, uriBaseId: "%SRCROOT%" };
}

const encodedPart = (part: string): string => encodeURIComponent(visible(part).toWellFormed());
