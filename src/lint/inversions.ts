import { durationText } from "../base/text.ts";
import { oncePer } from "../derive/once.ts";
import type { TimerInversion } from "../derive/timer.ts";
import { timerLadder } from "../derive/timer-ladder.ts";
import type { LintFacts, RouteFacts } from "./facts.ts";
import type { LintFinding } from "./rule.ts";
import { backendOf, type ServedWorkload } from "./served.ts";
import { containerPath } from "./template.ts";

/** Inversions of every route's ladder, one for each workload and pair of hops, at the workload where there is one. */
export function inversions(facts: LintFacts, kind: TimerInversion["kind"]): LintFinding[] {
  const found = new Map<string, LintFinding>();
  for (const workload of facts.workloads) {
    for (const route of workload.routes) {
      for (const inversion of laddersOf(facts)(workload, route)) {
        if (inversion.kind !== kind) continue;
        const finding = asFinding(workload, route, inversion);
        const key = `${finding.subject.kind} ${finding.subject.namespace}/${finding.subject.name} ${finding.part}`;
        const before = found.get(key);
        if (before === undefined || (before.severity === "note" && finding.severity === undefined))
          found.set(key, finding);
      }
    }
  }
  return [...found.values()];
}

type Inversions = (workload: ServedWorkload, route: RouteFacts) => readonly TimerInversion[];

/** A ladder is drawn once, whichever rule asks first. */
const laddersOf = oncePer((facts: LintFacts): Inversions => {
  const drawn = oncePer((workload: ServedWorkload) =>
    oncePer((route: RouteFacts) => ladderOf(facts, workload, route)),
  );
  return (workload, route) => drawn(workload)(route);
});

function ladderOf(
  { evidence }: LintFacts,
  workload: ServedWorkload,
  { route, gateway, settings }: RouteFacts,
): readonly TimerInversion[] {
  return timerLadder(evidence, route, gateway(), settings(), backendOf(workload)).inversions;
}

function asFinding(workload: ServedWorkload, facts: RouteFacts, inversion: TimerInversion): LintFinding {
  const { outer, inner } = inversion;
  const [serving] = workload.serving;
  const isInside = inner.rung.hop === "application" && serving !== undefined;
  const isAssumed = outer.timer.isAssumed || inner.timer.isAssumed;
  return {
    subject: isInside ? workload.ref : facts.object,
    part: `${outer.rung.hop} ${inner.rung.hop}`,
    path: isInside ? containerPath(workload, serving) : ["metadata", "annotations"],
    message: inversionText(inversion),
    ...(isAssumed ? { severity: "note" as const } : {}),
  };
}

/** Both values, and where each was read. */
export function inversionText({ kind, outer, inner }: TimerInversion): string {
  const [o, i] = [durationText(outer.timer.value ?? 0), durationText(inner.timer.value ?? 0)];
  const from = `(${outer.timer.source})`;
  const to = `(${inner.timer.source})`;
  return kind === "response"
    ? `${outer.rung.name} waits ${o} ${from}, ${inner.rung.name} works up to ${i} ${to}`
    : `${outer.rung.name} reuses connections idle up to ${o} ${from}, ${inner.rung.name} closes them after ${i} ${to}`;
}
