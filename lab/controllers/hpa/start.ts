import type { Machine, Stop } from "../../machine/machine.ts";
import { startControlLoop } from "../control-loop.ts";
import { keysOfAll, objectOf, splitKey, uidOf } from "../objects.ts";
import { openScalingHistory, type ScalingHistory } from "./history.ts";
import { type HpaSettings, syncHpa } from "./sync.ts";
import type { PodMetrics } from "./usage.ts";

/** Scales workloads by what their pods use, at every sync period and not in between (kubernetes pkg/controller/podautoscaler/horizontal.go). */
export function startAutoscalers(machine: Machine, metrics: PodMetrics, settings: HpaSettings): Stop {
  const { store } = machine;
  const histories = new Map<string, ScalingHistory>();
  return startControlLoop(machine, {
    name: "horizontal-pod-autoscaler",
    // A change of the object itself waits for the next period too (rate_limiters.go FixedItemIntervalRateLimiter).
    keysOf: ({ resource, type, object }) =>
      resource === "horizontalpodautoscalers" && type === "ADDED" ? [object.key] : [],
    allKeys: () => keysOfAll(store, "horizontalpodautoscalers"),
    delayMs: () => settings.hpaSyncPeriodMs,
    resyncMs: Infinity,
    sync: (key) => {
      const { namespace, name } = splitKey(key);
      const hpa = objectOf(store, "horizontalpodautoscalers", name, namespace);
      if (hpa === undefined) return undefined;
      const history = histories.get(uidOf(hpa)) ?? openScalingHistory();
      histories.set(uidOf(hpa), history);
      syncHpa(machine, hpa, metrics, history, settings);
      return settings.hpaSyncPeriodMs;
    },
  });
}
