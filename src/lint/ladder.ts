import { version } from "../base/version.ts";
import { deriveGateway } from "../derive/gateway.ts";
import { deriveSettings } from "../derive/settings.ts";
import { timerLadder } from "../derive/timer-ladder.ts";
import type { Route } from "../derive/views.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { type LadderReport, ladderSchema, type RouteLadder } from "../report/ladder-report.ts";
import { asApplied } from "./as-applied.ts";
import { lintFacts } from "./facts.ts";
import { inversionText } from "./inversions.ts";
import { backendOf, type ServedWorkload } from "./served.ts";

/** The timers of each route from the outside in. */
export function ladderReport(
  read: Evidence,
  routesOf: (evidence: Evidence) => readonly Route[],
): LadderReport {
  const evidence = asApplied(read);
  const { workloads } = lintFacts(evidence);
  return {
    schema: ladderSchema,
    tool: { version },
    source: { kind: evidence.source.kind, name: evidence.source.name },
    ladders: routesOf(evidence).map((route) => ladderOf(evidence, route, workloads)),
    // No timer depends on when it was read.
    losses: evidence.losses.filter((loss) => loss.what !== "moment of collection"),
  };
}

function ladderOf(evidence: Evidence, route: Route, workloads: readonly ServedWorkload[]): RouteLadder {
  const { service } = route.backend;
  const workload = workloads.find((w) =>
    w.services.some((s) => s.ref.name === service.name && s.ref.namespace === service.namespace),
  );
  const gateway = deriveGateway(evidence, route);
  const settings = deriveSettings(evidence, route, gateway);
  const backend = workload === undefined ? undefined : backendOf(workload);
  const ladder = timerLadder(evidence, route, gateway, settings, backend);
  return {
    target: route.target,
    backend: service,
    rungs: ladder.rungs,
    inversions: ladder.inversions.map((inversion) => ({
      kind: inversion.kind,
      outer: inversion.outer.rung.name,
      inner: inversion.inner.rung.name,
      text: inversionText(inversion),
      isAssumed: inversion.outer.timer.isAssumed || inversion.inner.timer.isAssumed,
    })),
  };
}
