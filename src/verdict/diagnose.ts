import type { Cause } from "../causes/define-cause.ts";
import type { Observations } from "../derive/observations.ts";
import { observe } from "../derive/observe.ts";
import { resolveRoutes } from "../derive/routes.ts";
import type { Route } from "../derive/views.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { ObjectRef } from "../evidence/object-ref.ts";
import { type Report, reportSchema, type TargetReport } from "../report/report.ts";
import type { Target } from "../target/target.ts";
import type { Attributed } from "./attribute.ts";
import type { Chain } from "./chain.ts";
import { type Finding, type OtherFinding, type SupportedFinding, weighCause } from "./finding.ts";
import { linkReport, otherReport, supportedReport, unknownReports } from "./finding-report.ts";
import { hopsOf } from "./hops.ts";
import { metricReports } from "./metric-report.ts";
import { nextSteps } from "./next.ts";
import { isDead, settle } from "./settle.ts";
import { headlineOf, statusOf } from "./status.ts";
import { symptomOf } from "./symptom.ts";
import { version } from "../base/version.ts";

/** Raised when the target names nothing in the evidence; says what is there instead. */
export class TargetNotFound extends Error {
  override readonly name = "TargetNotFound";
}

/** How many Services behind one another a chain may follow. */
const maxFollow = 2;

/**
 * The whole verdict: a pure function of the evidence, the question and the catalogue.
 * Throws TargetNotFound when an asked-for target matches nothing.
 */
export function diagnose(evidence: Evidence, target: Target, catalogue: readonly Cause[]): Report {
  const { routes, problem } = resolveRoutes(evidence, target);
  if (routes.length === 0 && problem !== undefined) {
    const near = problem.near.length > 0 ? ` Did you mean ${problem.near.slice(0, 3).join(", ")}?` : "";
    throw new TargetNotFound(`${problem.message}${near}`);
  }
  const groups = groupByBackend(routes);
  const all = groups.map(([route, ...rest]) => diagnoseRoute(evidence, route!, rest, catalogue));
  const targets = target.kind === "all" ? all.filter(isWorthTelling) : all;
  return {
    schema: reportSchema,
    tool: { version },
    collectedAt: evidence.collectedAt,
    source: evidence.source,
    targets: targets.sort(worstFirst),
    losses: evidence.losses,
    scope: scopeOf(routes.length, all),
  };
}

/** The verdict on one route; `given` facts stand in the place of those that the evidence would give. */
export function diagnoseRoute(
  evidence: Evidence,
  route: Route,
  siblings: readonly Route[],
  catalogue: readonly Cause[],
  given: Partial<Observations> = {},
): TargetReport {
  const facts = observe(evidence, route, given);
  const settled = settle(
    catalogue.map((cause) => weighCause(cause, facts)),
    facts,
  );
  const ranked = settled.ranked.map((entry) => followed(evidence, entry, catalogue, maxFollow));
  const symptom = symptomOf(facts.traffic, facts.metrics);
  const metrics = metricReports(facts.metrics);
  const of = settled.requests?.length;
  const roots = ranked.map((entry) => supportedReport(entry, of));
  const outer = outerLinks(ranked).map((f) => linkReport(f, [f], undefined));
  const told = new Set(ranked.flatMap((e) => [...e.chain.links, ...e.chain.members]).map((f) => f.cause.id));
  const others = settled.others
    .filter((f) => !told.has(f.cause.id))
    .sort(nearestFirst(Object.keys(symptom.codes).map(Number)));
  const explained = ranked.reduce((sum, e) => sum + e.explained, 0);
  const status = statusOf(roots, symptom, isDead(facts), explained, of);
  const hops = hopsOf(route, facts, ranked[0]?.chain);
  const unknown = unknownReports(others);
  return {
    target: route.target,
    alsoAffects: siblings.map((s) => s.target),
    status,
    headline: headlineOf(status, roots, symptom, hops),
    route: hops,
    symptom,
    ...(metrics.length === 0 ? {} : { metrics }),
    findings: [...roots, ...outer, ...others.map(otherReport)],
    unknown,
    next: nextSteps(status, roots, others, unknown),
  };
}

/** When a cause points at another Service, that Service is diagnosed and the chain goes on there. */
function followed(
  evidence: Evidence,
  entry: Attributed,
  catalogue: readonly Cause[],
  depth: number,
): Attributed {
  const { root, links, members } = entry.chain;
  const deeper =
    root.follow === undefined || depth === 0 ? undefined : rootOf(evidence, root.follow, catalogue, depth);
  if (deeper === undefined || members.some((m) => m.cause.id === deeper.root.cause.id)) return entry;
  const confidence = Math.min(root.confidence, deeper.root.confidence);
  const chain: Chain = {
    root: { ...deeper.root, confidence },
    links: [...links, ...deeper.links],
    members: [...members, ...deeper.members],
  };
  return { ...entry, chain };
}

function rootOf(
  evidence: Evidence,
  service: ObjectRef,
  catalogue: readonly Cause[],
  depth: number,
): Chain | undefined {
  const target: Target = {
    kind: "object",
    text: `service/${service.name}`,
    resource: "service",
    name: service.name,
    ...(service.namespace === undefined ? {} : { namespace: service.namespace }),
  };
  const route = resolveRoutes(evidence, target).routes[0];
  if (route === undefined) return undefined;
  const facts = observe(evidence, route);
  const findings: Finding[] = catalogue.map((cause) => weighCause(cause, facts));
  const best = settle(findings, facts).ranked[0];
  return best === undefined ? undefined : followed(evidence, best, catalogue, depth - 1).chain;
}

/** Supported findings that are links of a chain and not its root, each once. */
function outerLinks(ranked: readonly Attributed[]): SupportedFinding[] {
  const roots = new Set(ranked.map((r) => r.chain.root.cause.id));
  const outer = new Map<string, SupportedFinding>();
  for (const { chain } of ranked) {
    for (const member of [...chain.links, ...chain.members]) {
      if (!roots.has(member.cause.id)) outer.set(member.cause.id, member);
    }
  }
  return [...outer.values()];
}

/** Routes that end at one backend share one verdict. */
function groupByBackend(routes: readonly Route[]): Route[][] {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    const { service, port } = route.backend;
    const rule = route.rule?.object;
    const key = [
      service.namespace,
      service.name,
      port?.number ?? port?.name,
      route.className?.name,
      rule?.namespace,
      route.role,
    ].join("|");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [route]);
    else group.push(route);
  }
  return [...groups.values()];
}

const isWorthTelling = (t: TargetReport): boolean =>
  t.status === "explained" || t.status === "partly-explained" || t.status === "unexplained";

/** A route with a hop that could not be read is not called well for having no failure. */
function scopeOf(routes: number, all: readonly TargetReport[]): Report["scope"] {
  const quiet = all.filter((t) => !isWorthTelling(t));
  const blind = quiet.filter((t) => t.status === "undecided" && t.route.some((h) => h.state === "unknown"));
  const wanted = new Map<string, number>();
  for (const { evidence, wouldDecide } of blind.flatMap((t) => t.unknown)) {
    wanted.set(evidence, (wanted.get(evidence) ?? 0) + wouldDecide.length);
  }
  const missing = [...wanted]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([evidence]) => evidence);
  return { routes, healthy: quiet.length - blind.length, undecided: blind.length, missing };
}

const severity = ["explained", "partly-explained", "unexplained", "undecided", "healthy"];

const worstFirst = (a: TargetReport, b: TargetReport): number =>
  severity.indexOf(a.status) - severity.indexOf(b.status) ||
  b.symptom.failed - a.symptom.failed ||
  (b.findings[0]?.confidence ?? 0) - (a.findings[0]?.confidence ?? 0) ||
  (a.target < b.target ? -1 : 1);

/** Undecided before refuted; then what would give the codes that were seen; then the more common. */
const nearestFirst =
  (seen: readonly number[]) =>
  (a: OtherFinding, b: OtherFinding): number =>
    Number(b.state === "undecided") - Number(a.state === "undecided") ||
    b.confidence - a.confidence ||
    Number(fits(b, seen)) - Number(fits(a, seen)) ||
    b.cause.prior - a.cause.prior ||
    (a.cause.id < b.cause.id ? -1 : 1);

const fits = (finding: OtherFinding, seen: readonly number[]): boolean =>
  finding.cause.codes.some((code) => seen.includes(code));
