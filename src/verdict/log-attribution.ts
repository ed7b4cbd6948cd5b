import { observe } from "../derive/observe.ts";
import { resolveRoutes } from "../derive/routes.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { AttributionReport } from "../report/logs-report.ts";
import type { TargetReport } from "../report/report.ts";

/** For each target, what the pods of its failed attempts were going through; targets that cannot be told are left out. */
export function attributionOf(evidence: Evidence, targets: readonly TargetReport[]): AttributionReport[] {
  const { routes } = resolveRoutes(evidence, { kind: "all" });
  return targets.flatMap(({ target }) => {
    const route = routes.find((r) => r.target === target);
    const states = route === undefined ? undefined : observe(evidence, route).attemptStates;
    if (states?.state !== "present" || states.value.of === 0) return [];
    const { byState, unexplained, of } = states.value;
    return [{ target, of, unexplained, states: byState.map(stateReport) }];
  });
}

const stateReport = ({
  state,
  pod,
  attempts,
  example,
}: {
  readonly state: string;
  readonly pod?: { readonly kind: string; readonly namespace?: string; readonly name: string };
  readonly attempts: number;
  readonly example: { readonly timeMs: number; readonly text: string; readonly source: string };
}): AttributionReport["states"][number] => ({
  state,
  ...(pod === undefined ? {} : { pod }),
  attempts,
  example: { at: new Date(example.timeMs).toISOString(), text: example.text, source: example.source },
});
