import { describe, expect, test } from "vitest";
import schema from "../../src/report/report.schema.json" with { type: "json" };
import type {
  ClueReport,
  FindingReport,
  FixReport,
  HopReport,
  MetricReport,
  ObjectReport,
  Report,
  SymptomReport,
  TargetReport,
  UnknownReport,
} from "../../src/report/report.ts";
import type { Hop } from "../../src/causes/define-cause.ts";
import type { FailureClass, Origin } from "../../src/logs/traffic.ts";

/**
 * Each table below must name every property of its type, with whether it may be missing and of what
 * JSON type it is: the compiler refuses a table that differs from the type, the test one that differs
 * from the schema. So the two cannot drift apart.
 */
type JsonType<V> = [V] extends [string]
  ? "string"
  : [V] extends [number]
    ? "number"
    : [V] extends [boolean]
      ? "boolean"
      : [V] extends [readonly unknown[]]
        ? "array"
        : unknown extends V
          ? "any"
          : "object";

type Shape<T> = {
  readonly [
    K in keyof T
  ]-?: `${object extends Pick<T, K> ? "optional" : "required"} ${JsonType<Exclude<T[K], undefined>>}`;
};

const report: Shape<Report> = {
  schema: "required string",
  tool: "required object",
  collectedAt: "required string",
  source: "required object",
  targets: "required array",
  losses: "required array",
  scope: "required object",
};
const tool: Shape<Report["tool"]> = { version: "required string" };
const readFrom = { kind: "required string", name: "required string" } as const;
const source: Shape<Report["source"]> = { ...readFrom, origin: "optional object" };
const origin: Shape<NonNullable<Report["source"]["origin"]>> = readFrom;
const loss: Shape<Report["losses"][number]> = { what: "required string", why: "required string" };
const scope: Shape<Report["scope"]> = {
  routes: "required number",
  healthy: "required number",
  undecided: "required number",
  missing: "required array",
};
const target: Shape<TargetReport> = {
  target: "required string",
  alsoAffects: "required array",
  status: "required string",
  headline: "required string",
  route: "required array",
  symptom: "required object",
  metrics: "optional array",
  findings: "required array",
  unknown: "required array",
  next: "required array",
};
const hop: Shape<HopReport> = {
  hop: "required string",
  object: "optional object",
  state: "required string",
  note: "required string",
};
const object: Shape<ObjectReport> = {
  kind: "required string",
  namespace: "optional string",
  name: "required string",
};
const symptom: Shape<SymptomReport> = {
  counted: "required boolean",
  countedBy: "optional string",
  requests: "required number",
  failed: "required number",
  masked: "required number",
  codes: "required object",
  classes: "required object",
  origin: "optional string",
  pattern: "required string",
  from: "optional string",
  to: "optional string",
};
const metric: Shape<MetricReport> = { text: "required string", source: "required string" };
const finding: Shape<FindingReport> = {
  cause: "required string",
  title: "required string",
  state: "required string",
  confidence: "required number",
  hop: "required string",
  subject: "optional object",
  share: "optional object",
  because: "required array",
  clues: "required array",
  fixes: "required array",
  why: "optional string",
  lookAt: "optional string",
};
const share: Shape<NonNullable<FindingReport["share"]>> = {
  explained: "required number",
  of: "required number",
};
const link: Shape<FindingReport["because"][number]> = {
  cause: "required string",
  title: "required string",
  subject: "optional object",
};
const clue: Shape<ClueReport> = {
  for: "required boolean",
  weight: "required string",
  text: "required string",
  source: "required string",
  see: "optional string",
};
const fix: Shape<FixReport> = {
  title: "required string",
  applicability: "required string",
  commands: "required array",
  patch: "optional object",
  effect: "optional string",
};
// `body` is `unknown`, which for the compiler may also be undefined; the schema requires it.
const patch: Omit<Shape<NonNullable<FixReport["patch"]>>, "body"> & { body: string } = {
  object: "required object",
  type: "required string",
  body: "required any",
};
const unknownEvidence: Shape<UnknownReport> = {
  evidence: "required string",
  reason: "required string",
  wouldDecide: "required array",
};

interface Node {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: Node;
  readonly propertyNames?: Node;
}

const definitions = schema.$defs as unknown as Readonly<Record<string, Node>>;
const root = schema as unknown as Node;
const resolved = (node: Node): Node =>
  node.$ref === undefined ? node : (definitions[node.$ref.slice("#/$defs/".length)] ?? {});
const at = (node: Node | undefined, ...path: string[]): Node =>
  path.reduce(
    (n, key) => resolved((key === "[]" ? n.items : n.properties?.[key]) ?? {}),
    resolved(node ?? {}),
  );

const kindOf = (property: Node): string => {
  const node = resolved(property);
  if (node.type === "integer") return "number";
  return node.type ?? (node.const !== undefined || node.enum !== undefined ? "string" : "any");
};

const shapeOf = (node: Node): Record<string, string> =>
  Object.fromEntries(
    Object.entries(node.properties ?? {}).map(([name, property]) => [
      name,
      `${node.required?.includes(name) ? "required" : "optional"} ${kindOf(property)}`,
    ]),
  );

const findings = ["targets", "[]", "findings", "[]"];
const places: Readonly<Record<string, readonly [Readonly<Record<string, string>>, Node]>> = {
  Report: [report, root],
  "Report.tool": [tool, at(root, "tool")],
  "Report.source": [source, at(root, "source")],
  "Report.source.origin": [origin, at(root, "source", "origin")],
  "Report.losses": [loss, at(root, "losses", "[]")],
  "Report.scope": [scope, at(root, "scope")],
  TargetReport: [target, at(root, "targets", "[]")],
  HopReport: [hop, at(root, "targets", "[]", "route", "[]")],
  ObjectReport: [object, at(root, "targets", "[]", "route", "[]", "object")],
  SymptomReport: [symptom, at(root, "targets", "[]", "symptom")],
  MetricReport: [metric, at(root, "targets", "[]", "metrics", "[]")],
  FindingReport: [finding, at(root, ...findings)],
  "FindingReport.subject": [object, at(root, ...findings, "subject")],
  "FindingReport.share": [share, at(root, ...findings, "share")],
  "FindingReport.because": [link, at(root, ...findings, "because", "[]")],
  ClueReport: [clue, at(root, ...findings, "clues", "[]")],
  FixReport: [fix, at(root, ...findings, "fixes", "[]")],
  "FixReport.patch": [patch, at(root, ...findings, "fixes", "[]", "patch")],
  UnknownReport: [unknownEvidence, at(root, "targets", "[]", "unknown", "[]")],
};

test.each(Object.keys(places))(
  "%s: same properties, same JSON types, same ones optional, no others allowed",
  (name) => {
    const [type, node] = places[name] ?? [{}, {}];
    expect(shapeOf(node)).toEqual(type);
    expect(node.additionalProperties).toBe(false);
  },
);

test("no other object of the schema escapes the comparison", () => {
  const compared = new Set(Object.values(places).map(([, node]) => node));
  const objects: Node[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const node = value as Node;
    if (node.type === "object" && node.properties !== undefined) objects.push(node);
    for (const child of Object.values(value)) walk(child);
  };
  walk(schema);
  expect(objects.filter((node) => !compared.has(node))).toEqual([]);
});

const words = <W extends string>(table: Readonly<Record<W, true>>): string[] => Object.keys(table).sort();
const sorted = (node: Node): unknown[] => [...(node.enum ?? [])].sort();

describe("words that are chosen from a list", () => {
  const inTarget = (...path: string[]): Node => at(root, "targets", "[]", ...path);

  test.each([
    [
      "status",
      inTarget("status"),
      words<TargetReport["status"]>({
        explained: true,
        "partly-explained": true,
        unexplained: true,
        healthy: true,
        undecided: true,
      }),
    ],
    [
      "hop state",
      inTarget("route", "[]", "state"),
      words<HopReport["state"]>({ ok: true, broken: true, suspect: true, unknown: true }),
    ],
    [
      "finding state",
      at(root, ...findings, "state"),
      words<FindingReport["state"]>({ supported: true, refuted: true, undecided: true }),
    ],
    [
      "weight",
      at(root, ...findings, "clues", "[]", "weight"),
      words<ClueReport["weight"]>({ decisive: true, strong: true, moderate: true, weak: true }),
    ],
    [
      "applicability",
      at(root, ...findings, "fixes", "[]", "applicability"),
      words<FixReport["applicability"]>({ safe: true, unsafe: true, "display-only": true }),
    ],
    [
      "origin",
      inTarget("symptom", "origin"),
      words<Origin>({ application: true, gateway: true, "load-balancer": true, cdn: true, unknown: true }),
    ],
    [
      "hop of a cause",
      at(root, ...findings, "hop"),
      words<Hop>({
        client: true,
        dns: true,
        cdn: true,
        "load-balancer": true,
        gateway: true,
        service: true,
        endpoints: true,
        pod: true,
        application: true,
        dependency: true,
        node: true,
        mesh: true,
      }),
    ],
    [
      "failure class",
      resolved(inTarget("symptom", "classes").propertyNames ?? {}),
      words<FailureClass>({
        "no-endpoint": true,
        "connect-refused": true,
        unreachable: true,
        "connect-timeout": true,
        "closed-before-header": true,
        "response-timeout": true,
        "bad-response": true,
        "tls-failure": true,
        truncated: true,
        "local-resource": true,
        "config-answer": true,
        "app-status": true,
        unclassified: true,
      }),
    ],
  ])("%s", (_, node, expected) => {
    expect(expected.length).toBeGreaterThan(1);
    expect(sorted(node)).toEqual(expected);
  });
});
