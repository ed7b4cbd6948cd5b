/**
 * Causes that make requests fail while pods come and go, and at no other time: however many requests are sent to
 * pods that stay, none will fail.
 */
const boundToRollouts = new Set([
  "app-not-listening-yet",
  "ingress-controller-restart",
  "lb-deregistration-race",
  "readiness-probe-missing-or-lenient",
  "rollout-recreate-or-max-unavailable",
  "shutdown-no-prestop-race",
  "stale-endpoint-after-pod-deletion",
  "termination-grace-too-short",
]);

/** Causes that strike a connection that was idle for some time: requests at a steady pace leave none idle. */
const boundToIdleness = new Set([
  "cdn-origin-keepalive-race",
  "keepalive-idle-race",
  "lb-backend-keepalive-race",
]);

export const needsIdleness = (cause: string | undefined): boolean =>
  cause !== undefined && boundToIdleness.has(cause);

export const needsRollout = (cause: string | undefined): boolean =>
  cause !== undefined && boundToRollouts.has(cause);
