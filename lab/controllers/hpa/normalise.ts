import { downRules, type Limited, limitByPolicies, limitPlainly, type Limits, upRules } from "./behavior.ts";
import type { ScalingHistory } from "./history.ts";
import type { Hpa } from "./usage.ts";

/** A wish after stabilization and limits, with what the conditions say. */
export interface Normalised extends Limited {
  readonly isLimited: boolean;
  readonly stabilized: { readonly reason: string; readonly message: string };
}

const readyForNewScale = {
  reason: "ReadyForNewScale",
  message: "recommended size matches current size",
};
const stabilizedDown = {
  reason: "ScaleDownStabilized",
  message: "recent recommendations were higher than current one, applying the highest recent recommendation",
};
const stabilizedUp = {
  reason: "ScaleUpStabilized",
  message: "recent recommendations were lower than current one, applying the lowest recent recommendation",
};

/** kubernetes pkg/controller/podautoscaler/horizontal.go normalizeDesiredReplicas, normalizeDesiredReplicasWithBehaviors. */
export function normalise(
  hpa: Hpa,
  wish: number,
  limits: Limits,
  history: ScalingHistory,
  settings: { readonly downscaleStabilizationSeconds: number },
  nowMs: number,
): Normalised {
  const up = upRules(hpa);
  const down = downRules(hpa, settings.downscaleStabilizationSeconds);
  const hasBehavior = hpa.spec?.behavior !== undefined;
  const isUp = hasBehavior && wish >= limits.current;
  const windowSeconds = isUp ? up.windowSeconds : down.windowSeconds;
  const { lowest, highest } = history.extremes(wish, windowSeconds, nowMs);
  const steady = isUp ? lowest : highest;
  history.recommend(wish, nowMs);
  const limited = hasBehavior
    ? limitByPolicies(
        steady,
        limits,
        { up, down },
        (seconds) => history.added(seconds, nowMs),
        (seconds) => history.removed(seconds, nowMs),
      )
    : limitPlainly(steady, limits);
  const stabilized = steady === wish ? readyForNewScale : isUp ? stabilizedUp : stabilizedDown;
  return { ...limited, isLimited: limited.replicas !== steady, stabilized };
}
