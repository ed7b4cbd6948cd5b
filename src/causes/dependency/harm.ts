import type { PodView } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import type { LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksFor } from "../clue.ts";
import { alive } from "../pods.ts";

/** Failures that an application shows when something it needs does not answer it. */
export function isAppSide(request: LoggedRequest): boolean {
  const classes = [request.failure, ...request.attempts.map((a) => a.failure)];
  return classes.some((c) => c === "app-status" || c === "response-timeout" || c === "closed-before-header");
}

/** Signs that the application suffers: its pods are not ready, or its answers fail. Empty: a complaint in a log and nothing more. */
export function harm(pods: readonly PodView[], traffic: Observed<Traffic>): Clue[] {
  const here = alive(pods);
  const down = here.filter((p) => !p.ready).length;
  const clues: Clue[] = [];
  if (here.length > 0 && down === here.length)
    clues.push(
      speaksFor.moderate(`none of the ${here.length} pods is ready`, "Pods .status.conditions[Ready]"),
    );
  if (traffic.state === "present") {
    const failed = traffic.value.failures.filter(isAppSide).length;
    if (failed > 0)
      clues.push(speaksFor.moderate(`${failed} requests failed in the application`, "gateway log"));
  }
  return clues;
}
