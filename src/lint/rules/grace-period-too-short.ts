import { drainMs } from "../../derive/drain.ts";
import type { LintRule } from "../rule.ts";
import type { ServedWorkload } from "../served.ts";
import { exposed, seconds, templateFix, templatePath } from "../template.ts";

export const gracePeriodTooShort: LintRule = {
  id: "grace-period-too-short",
  severity: "warning",
  title: "A stopping pod is killed while it waits or while requests run",
  why: "The grace period counts from the deletion: the preStop hook and the longest request both have to fit into it. At its end the kubelet kills what still runs, and the gateway sees a closed connection.",
  check: ({ workloads }) =>
    exposed(workloads).flatMap((w) => {
      const waitMs = drainMs(w.spec) ?? 0;
      const graceMs = (w.spec.terminationGracePeriodSeconds ?? 30) * 1000;
      const longest = longestRequest(w);
      const neededMs = waitMs + longest.ms;
      if (graceMs > neededMs || (graceMs === neededMs && waitMs === 0)) return [];
      const wantedS = Math.ceil(neededMs / 1000) + 10;
      return {
        subject: w.ref,
        path: templatePath(w, "terminationGracePeriodSeconds"),
        message: `the grace period is ${seconds(graceMs)}; the preStop hook waits ${seconds(waitMs)}${longest.text}`,
        fix: templateFix(w, `Raise terminationGracePeriodSeconds to ${wantedS}`, {
          terminationGracePeriodSeconds: wantedS,
        }),
      };
    }),
};

/** What was written for the route itself as the time a request may take; a general value is no sign that one does. */
function longestRequest(w: ServedWorkload): { readonly ms: number; readonly text: string } {
  let ms = 0;
  let text = "";
  for (const { settings, route } of w.routes) {
    const known = settings();
    const timer = known.state === "present" ? known.value.readTimeoutMs : undefined;
    if (timer === undefined || timer.from !== "annotation" || !Number.isFinite(timer.value)) continue;
    if (timer.value <= ms) continue;
    ms = timer.value;
    text = `, and a request of ${route.target} may take ${seconds(ms)} (${timer.source})`;
  }
  return { ms, text };
}
