import { denies, type Fingerprints, fits } from "./trait.ts";

/** What failures made at the gateway look like. */
export const gatewayFingerprints: Fingerprints = {
  "proxy-connect-timeout": [fits("timer-pile-up", "weak", "timer", "the gateway's connect timer ended them")],
  "proxy-read-timeout-too-short": [
    fits("concentration", "moderate", "paths", "the work decides, not the pod", (p) => p.on === "path"),
    fits("cut-off-durations", "strong", "durations", "the timer cuts off what rightly takes longer"),
    fits("timer-pile-up", "weak", "timer", "one timer ended them"),
    denies(
      "onset",
      "moderate",
      "onset",
      "what rightly takes long does so at all times",
      (p) => p.endMs !== undefined,
    ),
  ],
  "circuit-breaker-overflow": [
    fits(
      "load-relation",
      "moderate",
      "load",
      "the cap is met where many requests are open",
      (p) => p.shareWithLoad > 0.5,
    ),
  ],
  "outlier-ejection-or-passive-health": [
    fits("bursts", "moderate", "bursts", "peers are taken out and let in again"),
  ],
  "config-reload-storm": [
    fits("bursts", "weak", "bursts", "each reload breaks what is under way"),
    denies("concentration", "weak", "spread", "a reload strikes every pod alike", (p) => p.on === "address"),
  ],
  "rate-limit-503": [
    fits(
      "concentration",
      "moderate",
      "clients",
      "the limit counts per client address",
      (p) => p.on === "client",
    ),
  ],
  "connection-limit-503": [
    fits(
      "concentration",
      "moderate",
      "clients",
      "the limit counts per client address",
      (p) => p.on === "client",
    ),
  ],
  "session-affinity-stale-pod": [
    fits(
      "concentration",
      "strong",
      "clients",
      "the cookie decides who meets the pod",
      (p) => p.on === "client",
    ),
  ],
  "worker-connections-exhausted": [
    fits(
      "concentration",
      "moderate",
      "gateway-pod",
      "the limit is that gateway pod's own",
      (p) => p.on === "gateway-pod",
    ),
  ],
  "file-descriptor-exhaustion": [
    fits(
      "concentration",
      "moderate",
      "gateway-pod",
      "the limit is that gateway pod's own",
      (p) => p.on === "gateway-pod",
    ),
  ],
  "ingress-controller-oom-or-cpu": [
    fits(
      "concentration",
      "moderate",
      "gateway-pod",
      "one gateway pod is in trouble, the others are not",
      (p) => p.on === "gateway-pod",
    ),
  ],
};
