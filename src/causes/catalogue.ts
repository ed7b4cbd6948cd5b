import type { Cause } from "./define-cause.ts";
import { appEmitted5xx } from "./application/app-emitted-5xx.ts";
import { appListensOnLoopback } from "./application/app-listens-on-loopback.ts";
import { appNotListeningYet } from "./application/app-not-listening-yet.ts";
import { appWorkerCrash } from "./application/app-worker-crash.ts";
import { backendProtocolHttpExpected } from "./application/backend-protocol-http-expected.ts";
import { backendProtocolHttpsExpected } from "./application/backend-protocol-https-expected.ts";
import { crashLoopBackoff } from "./application/crash-loop-backoff.ts";
import { grpcH2cMismatch } from "./application/grpc-h2c-mismatch.ts";
import { invalidResponseHeader } from "./application/invalid-response-header.ts";
import { keepaliveIdleRace } from "./application/keepalive-idle-race.ts";
import { oomKilled } from "./application/oom-killed.ts";
import { proxyReadTimeoutTooShort } from "./application/proxy-read-timeout-too-short.ts";
import { responseHeaderTooLarge } from "./application/response-header-too-large.ts";
import { upstreamKeepaliveUnsupported } from "./application/upstream-keepalive-unsupported.ts";
import { upstreamTlsVerifyFailed } from "./application/upstream-tls-verify-failed.ts";
import { workerPoolExhausted } from "./application/worker-pool-exhausted.ts";
import { cdnMasksOrigin5xx } from "./cdn/cdn-masks-origin-5xx.ts";
import { cdnOriginConnectFailure } from "./cdn/cdn-origin-connect-failure.ts";
import { cdnOriginKeepaliveRace } from "./cdn/cdn-origin-keepalive-race.ts";
import { cdnOriginTimeout } from "./cdn/cdn-origin-timeout.ts";
import { cdnOriginTlsFailure } from "./cdn/cdn-origin-tls-failure.ts";
import { clientAbortBeforeResponse } from "./client/client-abort-before-response.ts";
import { dependencyDown } from "./dependency/dependency-down.ts";
import { dependencyMisaddressed } from "./dependency/dependency-misaddressed.ts";
import { dependencyRejectsApplication } from "./dependency/dependency-rejects-application.ts";
import { slowDependency } from "./dependency/slow-dependency.ts";
import { clusterDnsDown } from "./dns/cluster-dns-down.ts";
import { corednsOverloadNdots } from "./dns/coredns-overload-ndots.ts";
import { dnsUpstreamResolutionFailure } from "./dns/dns-upstream-resolution-failure.ts";
import { staleDnsIp } from "./dns/stale-dns-ip.ts";
import { staleEndpointAfterPodDeletion } from "./endpoints/stale-endpoint-after-pod-deletion.ts";
import { canaryMisrouting } from "./gateway/canary-misrouting.ts";
import { circuitBreakerOverflow } from "./gateway/circuit-breaker-overflow.ts";
import { configReloadFailure } from "./gateway/config-reload-failure.ts";
import { configReloadStorm } from "./gateway/config-reload-storm.ts";
import { connectionLimit503 } from "./gateway/connection-limit-503.ts";
import { controllerRbacOrWatchStale } from "./gateway/controller-rbac-or-watch-stale.ts";
import { defaultBackendUnhealthy } from "./gateway/default-backend-unhealthy.ts";
import { fileDescriptorExhaustion } from "./gateway/file-descriptor-exhaustion.ts";
import { ingressClassMismatch } from "./gateway/ingress-class-mismatch.ts";
import { ingressControllerOomOrCpu } from "./gateway/ingress-controller-oom-or-cpu.ts";
import { ingressControllerRestart } from "./gateway/ingress-controller-restart.ts";
import { locationDeniedAnnotationError } from "./gateway/location-denied-annotation-error.ts";
import { maintenanceMode503 } from "./gateway/maintenance-mode-503.ts";
import { outlierEjectionOrPassiveHealth } from "./gateway/outlier-ejection-or-passive-health.ts";
import { proxyConnectTimeout } from "./gateway/proxy-connect-timeout.ts";
import { rateLimit503 } from "./gateway/rate-limit-503.ts";
import { sessionAffinityStalePod } from "./gateway/session-affinity-stale-pod.ts";
import { workerConnectionsExhausted } from "./gateway/worker-connections-exhausted.ts";
import { externalTrafficPolicyLocalNoEndpoint } from "./load-balancer/external-traffic-policy-local-no-endpoint.ts";
import { lbAuthIdpError } from "./load-balancer/lb-auth-idp-error.ts";
import { lbBackendKeepaliveRace } from "./load-balancer/lb-backend-keepalive-race.ts";
import { lbDeregistrationRace } from "./load-balancer/lb-deregistration-race.ts";
import { lbFixedResponseMissingService } from "./load-balancer/lb-fixed-response-missing-service.ts";
import { lbIdleTimeoutExpired } from "./load-balancer/lb-idle-timeout-expired.ts";
import { lbNoHealthyTargets } from "./load-balancer/lb-no-healthy-targets.ts";
import { lbProtocolVersionMismatch } from "./load-balancer/lb-protocol-version-mismatch.ts";
import { lbResponseHeaderLimit } from "./load-balancer/lb-response-header-limit.ts";
import { lbTargetConnectionBlocked } from "./load-balancer/lb-target-connection-blocked.ts";
import { meshMtlsStrictPlainIngress } from "./mesh/mesh-mtls-strict-plain-ingress.ts";
import { nodeNotReady } from "./node/node-not-ready.ts";
import { nodePressureEviction } from "./node/node-pressure-eviction.ts";
import { containerConfigError } from "./pod/container-config-error.ts";
import { hpaLag } from "./pod/hpa-lag.ts";
import { hpaMaxReplicas } from "./pod/hpa-max-replicas.ts";
import { imagePullFailure } from "./pod/image-pull-failure.ts";
import { initContainerFailing } from "./pod/init-container-failing.ts";
import { livenessProbeRestartLoop } from "./pod/liveness-probe-restart-loop.ts";
import { podUnschedulable } from "./pod/pod-unschedulable.ts";
import { probePortDiffersFromServicePort } from "./pod/probe-port-differs-from-service-port.ts";
import { probeWrongPortOrProtocol } from "./pod/probe-wrong-port-or-protocol.ts";
import { quotaOrAdmissionRejected } from "./pod/quota-or-admission-rejected.ts";
import { readinessProbeMissingOrLenient } from "./pod/readiness-probe-missing-or-lenient.ts";
import { readinessProbeTimeoutFlapping } from "./pod/readiness-probe-timeout-flapping.ts";
import { readinessProbeTooStrict } from "./pod/readiness-probe-too-strict.ts";
import { replicasResetOnDeploy } from "./pod/replicas-reset-on-deploy.ts";
import { rolloutBadRevision } from "./pod/rollout-bad-revision.ts";
import { rolloutRecreateOrMaxUnavailable } from "./pod/rollout-recreate-or-max-unavailable.ts";
import { shutdownNoPrestopRace } from "./pod/shutdown-no-prestop-race.ts";
import { terminationGraceTooShort } from "./pod/termination-grace-too-short.ts";
import { volumeMountFailure } from "./pod/volume-mount-failure.ts";
import { ingressPortNotInService } from "./service/ingress-port-not-in-service.ts";
import { networkPolicyBlocksIngress } from "./service/network-policy-blocks-ingress.ts";
import { noEndpointsPodsNotReady } from "./service/no-endpoints-pods-not-ready.ts";
import { noEndpointsScaledToZero } from "./service/no-endpoints-scaled-to-zero.ts";
import { noEndpointsSelectorMismatch } from "./service/no-endpoints-selector-mismatch.ts";
import { serviceMissing } from "./service/service-missing.ts";
import { serviceSelectorOverlap } from "./service/service-selector-overlap.ts";
import { wrongTargetPortName } from "./service/wrong-target-port-name.ts";
import { wrongTargetPortNumber } from "./service/wrong-target-port-number.ts";

/** Every cause the tool knows, by hop from the client inwards. */
export const catalogue: readonly Cause[] = [
  // client
  clientAbortBeforeResponse,
  // dns
  clusterDnsDown,
  corednsOverloadNdots,
  dnsUpstreamResolutionFailure,
  staleDnsIp,
  // cdn
  cdnMasksOrigin5xx,
  cdnOriginConnectFailure,
  cdnOriginKeepaliveRace,
  cdnOriginTimeout,
  cdnOriginTlsFailure,
  // load-balancer
  externalTrafficPolicyLocalNoEndpoint,
  lbAuthIdpError,
  lbBackendKeepaliveRace,
  lbDeregistrationRace,
  lbFixedResponseMissingService,
  lbIdleTimeoutExpired,
  lbNoHealthyTargets,
  lbProtocolVersionMismatch,
  lbResponseHeaderLimit,
  lbTargetConnectionBlocked,
  // gateway
  canaryMisrouting,
  circuitBreakerOverflow,
  configReloadFailure,
  configReloadStorm,
  connectionLimit503,
  controllerRbacOrWatchStale,
  defaultBackendUnhealthy,
  fileDescriptorExhaustion,
  ingressClassMismatch,
  ingressControllerOomOrCpu,
  ingressControllerRestart,
  locationDeniedAnnotationError,
  maintenanceMode503,
  outlierEjectionOrPassiveHealth,
  proxyConnectTimeout,
  rateLimit503,
  sessionAffinityStalePod,
  workerConnectionsExhausted,
  // service
  ingressPortNotInService,
  networkPolicyBlocksIngress,
  noEndpointsPodsNotReady,
  noEndpointsScaledToZero,
  noEndpointsSelectorMismatch,
  serviceMissing,
  serviceSelectorOverlap,
  wrongTargetPortName,
  wrongTargetPortNumber,
  // endpoints
  staleEndpointAfterPodDeletion,
  // pod
  containerConfigError,
  hpaLag,
  hpaMaxReplicas,
  imagePullFailure,
  initContainerFailing,
  livenessProbeRestartLoop,
  podUnschedulable,
  probePortDiffersFromServicePort,
  probeWrongPortOrProtocol,
  quotaOrAdmissionRejected,
  readinessProbeMissingOrLenient,
  readinessProbeTimeoutFlapping,
  readinessProbeTooStrict,
  replicasResetOnDeploy,
  rolloutBadRevision,
  rolloutRecreateOrMaxUnavailable,
  shutdownNoPrestopRace,
  terminationGraceTooShort,
  volumeMountFailure,
  // application
  appEmitted5xx,
  appListensOnLoopback,
  appNotListeningYet,
  appWorkerCrash,
  backendProtocolHttpExpected,
  backendProtocolHttpsExpected,
  crashLoopBackoff,
  grpcH2cMismatch,
  invalidResponseHeader,
  keepaliveIdleRace,
  oomKilled,
  proxyReadTimeoutTooShort,
  responseHeaderTooLarge,
  upstreamKeepaliveUnsupported,
  upstreamTlsVerifyFailed,
  workerPoolExhausted,
  // dependency
  dependencyDown,
  dependencyMisaddressed,
  dependencyRejectsApplication,
  slowDependency,
  // node
  nodeNotReady,
  nodePressureEviction,
  // mesh
  meshMtlsStrictPlainIngress,
];
