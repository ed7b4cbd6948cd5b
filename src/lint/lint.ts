import { version } from "../base/version.ts";
import { compareText } from "../derive/shape.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { allResources } from "../evidence/kinds.ts";
import type { ObjectRef } from "../evidence/object-ref.ts";
import {
  type LintFindingReport,
  type LintReport,
  lintSchema,
  type Severity,
  type SuppressedReport,
} from "../report/lint-report.ts";
import { asApplied } from "./as-applied.ts";
import { lintFacts } from "./facts.ts";
import { type FieldPath, fieldText, type LintFinding, type LintRule } from "./rule.ts";
import { type Ignore, suppressionOf, type SuppressionSources, unknownIgnores } from "./suppress.ts";

export interface LintOptions {
  /** What was looked at, as it was given. */
  readonly names: readonly string[];
  /** Report only what is in this namespace. */
  readonly namespace?: string;
  readonly ignores?: readonly Ignore[];
  readonly baseline?: ReadonlySet<string>;
  /** Services that a route leads to that is not among the evidence, as "namespace/name". */
  readonly reached?: ReadonlySet<string>;
  /** Where an object's field is written; undefined of a cluster. */
  readonly placeOf?: (subject: ObjectRef, path: FieldPath) => LintFindingReport["place"];
}

/** Runs every rule. The same objects give the same findings, from files or from a cluster, in any order. */
export function lint(read: Evidence, rules: readonly LintRule[], options: LintOptions): LintReport {
  const evidence = asApplied(read);
  const facts = lintFacts(evidence, options.reached);
  const sources: SuppressionSources = {
    evidence,
    ignores: options.ignores ?? [],
    baseline: options.baseline ?? new Set(),
  };
  const guessed = new Set(facts.workloads.filter((w) => w.isGuess).map((w) => w.ref));
  const isManifests = evidence.source.kind === "files";
  const found = rules
    .filter((rule) => isManifests || rule.isOfManifests !== true)
    .flatMap((rule) =>
      rule.check(facts).map((finding) => ({ rule, finding: softened(rule, finding, guessed) })),
    )
    .filter(({ finding }) => isInScope(finding.subject, evidence, options.namespace));
  const findings: LintFindingReport[] = [];
  const suppressed: SuppressedReport[] = [];
  for (const { rule, finding } of distinct(found)) {
    const reported = reportOf(rule, finding, options);
    const suppression = suppressionOf(rule.id, finding.subject, reported.fingerprint, sources);
    if (suppression === undefined) findings.push(reported);
    else suppressed.push({ ...reported, ...suppression });
  }
  return {
    schema: lintSchema,
    tool: { version },
    source: { kind: isManifests ? "manifests" : evidence.source.kind, names: options.names },
    scope: {
      objects: allResources.reduce((sum, resource) => sum + (read.objects[resource]?.length ?? 0), 0),
      routes: facts.routes.length,
      workloads: facts.workloads.length,
    },
    rules: rules.map(({ id, severity, title, why }) => ({ id, severity, title, why })),
    counts: counted(findings),
    findings: findings.sort(worstFirst),
    suppressed: suppressed.sort(worstFirst),
    losses: [
      ...evidence.losses,
      ...unreadLists(evidence),
      ...unknownIgnores(
        sources,
        rules.map((r) => r.id),
      ),
    ],
  };
}

/** Where it is a guess that requests come at all, what happens to them is a note, and mending it a decision. */
function softened(rule: LintRule, finding: LintFinding, guessed: ReadonlySet<ObjectRef>): LintFinding {
  const { subject, severity = rule.severity, message } = finding;
  if (severity !== "warning" || rule.isOfManifests === true || !guessed.has(subject)) return finding;
  const { fix, ...rest } = finding;
  return {
    ...rest,
    severity: "note",
    message: `${message}; no route to it was read`,
    ...(fix === undefined ? {} : { fix: { ...fix, applicability: "unsafe" } }),
  };
}

const wanted = [
  "ingresses",
  "services",
  "deployments",
  "statefulsets",
  "horizontalpodautoscalers",
  "poddisruptionbudgets",
] as const;

/** Lists of a cluster that could not be read: the rules are silent about what they would hold. */
function unreadLists({ source, coverage }: Evidence): LintReport["losses"] {
  if (source.kind !== "cluster") return [];
  return coverage
    .filter((c) => c.extent === "failed" && wanted.some((resource) => resource === c.resource))
    .map((c) => ({
      what: c.namespace === undefined ? c.resource : `${c.resource} in ${c.namespace}`,
      why: c.reason ?? "not read",
    }));
}

/** The cluster's own components are looked at only when they are asked for, or given as files. */
const systemNamespace = /^(kube-.*|openshift(-.*)?)$/;

function isInScope({ namespace }: ObjectRef, { source }: Evidence, asked: string | undefined): boolean {
  if (asked !== undefined) return namespace === asked;
  return source.kind === "files" || !systemNamespace.test(namespace ?? "");
}

interface Found {
  readonly rule: LintRule;
  readonly finding: LintFinding;
}

/** Two routes to one Service say the same of it. */
function distinct(found: readonly Found[]): readonly Found[] {
  const byPrint = new Map<string, Found>();
  for (const each of found) {
    const print = fingerprintOf(each.rule, each.finding);
    if (!byPrint.has(print)) byPrint.set(print, each);
  }
  return [...byPrint.values()];
}

const fingerprintOf = (rule: LintRule, { subject, part }: LintFinding): string =>
  `${rule.id}:${subject.kind}/${subject.namespace ?? ""}/${subject.name}${part === undefined ? "" : `:${part}`}`;

function reportOf(rule: LintRule, finding: LintFinding, { placeOf }: LintOptions): LintFindingReport {
  const place = placeOf?.(finding.subject, finding.path);
  const { fix } = finding;
  return {
    rule: rule.id,
    severity: finding.severity ?? rule.severity,
    message: finding.message,
    object: finding.subject,
    field: fieldText(finding.path),
    ...(place === undefined ? {} : { place }),
    fingerprint: fingerprintOf(rule, finding),
    fixes: fix === undefined ? [] : [fix],
  };
}

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

const worstFirst = (a: LintFindingReport, b: LintFindingReport): number =>
  rank[a.severity] - rank[b.severity] || compareText(placeKey(a), placeKey(b));

const placeKey = ({ object, fingerprint }: LintFindingReport): string =>
  `${object.namespace ?? ""}\0${object.kind}\0${object.name}\0${fingerprint}`;

function counted(findings: readonly LintFindingReport[]): Record<Severity, number> {
  const of = (severity: Severity): number => findings.filter((f) => f.severity === severity).length;
  return { error: of("error"), warning: of("warning"), note: of("note") };
}
