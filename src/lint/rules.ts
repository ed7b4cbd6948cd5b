import type { LintRule } from "./rule.ts";
import { autoscalerCannotScale } from "./rules/autoscaler-cannot-scale.ts";
import { autoscalerTargetMissing } from "./rules/autoscaler-target-missing.ts";
import { autoscalerTargetTooHigh } from "./rules/autoscaler-target-too-high.ts";
import { autoscalerWithoutRequests } from "./rules/autoscaler-without-requests.ts";
import { disruptionBudgetAllowsNothing } from "./rules/disruption-budget-allows-nothing.ts";
import { disruptionBudgetMissing } from "./rules/disruption-budget-missing.ts";
import { duplicateRoute } from "./rules/duplicate-route.ts";
import { gracePeriodTooShort } from "./rules/grace-period-too-short.ts";
import { ingressClassUnclaimed } from "./rules/ingress-class-unclaimed.ts";
import { keepaliveInverted } from "./rules/keepalive-inverted.ts";
import { livenessProbeTooStrict } from "./rules/liveness-probe-too-strict.ts";
import { maxUnavailableAll } from "./rules/max-unavailable-all.ts";
import { podsMayShareANode } from "./rules/pods-may-share-a-node.ts";
import { prestopHookMissing } from "./rules/prestop-hook-missing.ts";
import { probePortNameUnknown } from "./rules/probe-port-name-unknown.ts";
import { probePortUndeclared } from "./rules/probe-port-undeclared.ts";
import { readinessProbeMissing } from "./rules/readiness-probe-missing.ts";
import { readinessSameAsLiveness } from "./rules/readiness-same-as-liveness.ts";
import { recreateStrategy } from "./rules/recreate-strategy.ts";
import { replicasResetByApply } from "./rules/replicas-reset-by-apply.ts";
import { routePortMissing } from "./rules/route-port-missing.ts";
import { routeServiceMissing } from "./rules/route-service-missing.ts";
import { selectorMatchesNothing } from "./rules/selector-matches-nothing.ts";
import { selectorTooWide } from "./rules/selector-too-wide.ts";
import { servicePublishesNotReady } from "./rules/service-publishes-not-ready.ts";
import { settingIgnored } from "./rules/setting-ignored.ts";
import { sigtermStopsAtShell } from "./rules/sigterm-stops-at-shell.ts";
import { singleReplica } from "./rules/single-replica.ts";
import { startupProbeMissing } from "./rules/startup-probe-missing.ts";
import { targetPortNameUnknown } from "./rules/target-port-name-unknown.ts";
import { targetPortUndeclared } from "./rules/target-port-undeclared.ts";
import { timeoutsInverted } from "./rules/timeouts-inverted.ts";

/** Every rule, from the route inwards, then by what happens to pods. */
export const lintRules: readonly LintRule[] = [
  routeServiceMissing,
  routePortMissing,
  selectorMatchesNothing,
  selectorTooWide,
  targetPortNameUnknown,
  targetPortUndeclared,
  servicePublishesNotReady,
  ingressClassUnclaimed,
  duplicateRoute,
  settingIgnored,
  timeoutsInverted,
  keepaliveInverted,
  readinessProbeMissing,
  readinessSameAsLiveness,
  probePortNameUnknown,
  probePortUndeclared,
  livenessProbeTooStrict,
  startupProbeMissing,
  prestopHookMissing,
  gracePeriodTooShort,
  sigtermStopsAtShell,
  recreateStrategy,
  maxUnavailableAll,
  singleReplica,
  disruptionBudgetMissing,
  disruptionBudgetAllowsNothing,
  podsMayShareANode,
  autoscalerTargetMissing,
  autoscalerWithoutRequests,
  autoscalerCannotScale,
  autoscalerTargetTooHigh,
  replicasResetByApply,
];
