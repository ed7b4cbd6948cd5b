import type { Observed } from "../evidence/observed.ts";
import type { AppSignal, FailureClass, LoggedRequest } from "../logs/traffic.ts";

/** Classes that too few pods for the load produce. */
const overloadClasses: readonly FailureClass[] = [
  "response-timeout",
  "connect-timeout",
  "closed-before-header",
  "connect-refused",
  "no-endpoint",
];

/** A failure that overload can explain: one of the classes above, or an application shedding load with 503. */
export function isOverload(request: LoggedRequest): boolean {
  const classes = [request.failure, ...request.attempts.map((a) => a.failure)];
  if (classes.some((c) => c !== undefined && overloadClasses.includes(c))) return true;
  return request.failure === "app-status" && (request.status === 503 || request.status === 504);
}

const nearMs = 90_000;

/** What the application says of a full pool, queue or worker limit near these failures. */
export function fullPoolsNear(
  appLog: Observed<readonly AppSignal[]>,
  failed: readonly LoggedRequest[],
): AppSignal[] {
  if (appLog.state !== "present") return [];
  return appLog.value.filter(
    (s) =>
      (s.kind === "pool-exhausted" || s.kind === "overload") &&
      (s.timeMs === undefined || failed.some((f) => Math.abs(f.endMs - s.timeMs!) <= nearMs)),
  );
}
