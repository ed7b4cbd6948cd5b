import type { Observed } from "../../evidence/observed.ts";
import type { AppSignal } from "../../logs/traffic.ts";

const nearMs = 90_000;

/** Lines of the application about waiting for something outside, near these times. */
export const slowCallsNear = (
  appLog: Observed<readonly AppSignal[]>,
  times: readonly number[],
): AppSignal[] =>
  (appLog.state === "present" ? appLog.value : []).filter(
    (s) =>
      ((s.kind === "connect-error" && s.detail === "timeout") || s.kind === "slow-call") &&
      (s.timeMs === undefined || times.some((t) => Math.abs(t - s.timeMs!) <= nearMs)),
  );
