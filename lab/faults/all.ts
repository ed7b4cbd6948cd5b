import { appEmitted5xx } from "./app-emitted-5xx.ts";
import { appListensOnLoopback } from "./app-listens-on-loopback.ts";
import { appNotListeningYet } from "./app-not-listening-yet.ts";
import { backendProtocolHttpExpected } from "./backend-protocol-http-expected.ts";
import { backendProtocolHttpsExpected } from "./backend-protocol-https-expected.ts";
import { cleanNodeDrain } from "./clean-node-drain.ts";
import { cleanRolloutWithPrestop } from "./clean-rollout-with-prestop.ts";
import { cleanScaleDown } from "./clean-scale-down.ts";
import { crashLoopBackoff } from "./crash-loop-backoff.ts";
import { dependencyDown } from "./dependency-down.ts";
import { dnsUpstreamResolutionFailure } from "./dns-upstream-resolution-failure.ts";
import { errorsOnAnotherRoute } from "./errors-on-another-route.ts";
import type { Fault, GatewayName, Plan } from "./fault.ts";
import { heavyLoadNoFailure } from "./heavy-load-no-failure.ts";
import { hpaLag } from "./hpa-lag.ts";
import { imagePullFailure } from "./image-pull-failure.ts";
import { ingressClassMismatch } from "./ingress-class-mismatch.ts";
import { ingressControllerRestart } from "./ingress-controller-restart.ts";
import { ingressPortNotInService } from "./ingress-port-not-in-service.ts";
import { invalidResponseHeader } from "./invalid-response-header.ts";
import { keepaliveIdleRace } from "./keepalive-idle-race.ts";
import { livenessProbeRestartLoop } from "./liveness-probe-restart-loop.ts";
import { maintenanceMode503 } from "./maintenance-mode-503.ts";
import { networkPolicyBlocksIngress } from "./network-policy-blocks-ingress.ts";
import { noEndpointsPodsNotReady } from "./no-endpoints-pods-not-ready.ts";
import { noEndpointsScaledToZero } from "./no-endpoints-scaled-to-zero.ts";
import { noEndpointsSelectorMismatch } from "./no-endpoints-selector-mismatch.ts";
import { nodeNotReady } from "./node-not-ready.ts";
import { oomKilled } from "./oom-killed.ts";
import { podUnschedulable } from "./pod-unschedulable.ts";
import { probeWrongPortOrProtocol } from "./probe-wrong-port-or-protocol.ts";
import { proxyReadTimeoutTooShort } from "./proxy-read-timeout-too-short.ts";
import { seededRandom } from "./random.ts";
import { rateLimit503 } from "./rate-limit-503.ts";
import { readinessProbeMissingOrLenient } from "./readiness-probe-missing-or-lenient.ts";
import { readinessProbeTimeoutFlapping } from "./readiness-probe-timeout-flapping.ts";
import { readinessProbeTooStrict } from "./readiness-probe-too-strict.ts";
import { responseHeaderTooLarge } from "./response-header-too-large.ts";
import { retriedFaultNoClientSaw } from "./retried-fault-no-client-saw.ts";
import { riskyManifestsThatDoNotFail } from "./risky-manifests-that-do-not-fail.ts";
import { rolloutBadRevision } from "./rollout-bad-revision.ts";
import { rolloutRecreateOrMaxUnavailable } from "./rollout-recreate-or-max-unavailable.ts";
import { serviceMissing } from "./service-missing.ts";
import { shutdownNoPrestopRace } from "./shutdown-no-prestop-race.ts";
import { slowButInTime } from "./slow-but-in-time.ts";
import { slowDependency } from "./slow-dependency.ts";
import { terminationGraceTooShort } from "./termination-grace-too-short.ts";
import { twoFaultsAtOnce } from "./two-faults-at-once.ts";
import { unrelatedCrashLoop } from "./unrelated-crash-loop.ts";
import { workerConnectionsExhausted } from "./worker-connections-exhausted.ts";
import { workerPoolExhausted } from "./worker-pool-exhausted.ts";
import { wrongTargetPortName } from "./wrong-target-port-name.ts";
import { wrongTargetPortNumber } from "./wrong-target-port-number.ts";

/** Every fault and every innocent, by id. */
export const faults: readonly Fault[] = [
  appEmitted5xx,
  appListensOnLoopback,
  appNotListeningYet,
  backendProtocolHttpExpected,
  backendProtocolHttpsExpected,
  cleanNodeDrain,
  cleanRolloutWithPrestop,
  cleanScaleDown,
  crashLoopBackoff,
  dependencyDown,
  dnsUpstreamResolutionFailure,
  errorsOnAnotherRoute,
  heavyLoadNoFailure,
  hpaLag,
  imagePullFailure,
  ingressClassMismatch,
  ingressControllerRestart,
  ingressPortNotInService,
  invalidResponseHeader,
  keepaliveIdleRace,
  livenessProbeRestartLoop,
  maintenanceMode503,
  networkPolicyBlocksIngress,
  noEndpointsPodsNotReady,
  noEndpointsScaledToZero,
  noEndpointsSelectorMismatch,
  nodeNotReady,
  oomKilled,
  podUnschedulable,
  probeWrongPortOrProtocol,
  proxyReadTimeoutTooShort,
  rateLimit503,
  readinessProbeMissingOrLenient,
  readinessProbeTimeoutFlapping,
  readinessProbeTooStrict,
  responseHeaderTooLarge,
  retriedFaultNoClientSaw,
  riskyManifestsThatDoNotFail,
  rolloutBadRevision,
  rolloutRecreateOrMaxUnavailable,
  serviceMissing,
  shutdownNoPrestopRace,
  slowButInTime,
  slowDependency,
  terminationGraceTooShort,
  twoFaultsAtOnce,
  unrelatedCrashLoop,
  workerConnectionsExhausted,
  workerPoolExhausted,
  wrongTargetPortName,
  wrongTargetPortNumber,
];

export const faultOf = (id: string): Fault | undefined => faults.find((fault) => fault.id === id);

/** The plan of a fault by its id, the same in every process. */
export const planOf = (id: string | undefined, seed: number, gateway: GatewayName): Plan | undefined =>
  id === undefined ? undefined : faultOf(id)?.plan(seededRandom(seed), gateway);
