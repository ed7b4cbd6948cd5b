import { denies, type Fingerprints, fits } from "./trait.ts";

const followsLoad = 0.5;
const clustered = 2;

/** What failures that a load balancer or CDN makes look like. */
export const loadBalancerFingerprints: Fingerprints = {
  "lb-backend-keepalive-race": [
    fits("memoryless", "moderate", "scatter", "a race of two timers knows no moment"),
    fits("method-skew", "moderate", "methods", "what may not be sent twice is not repeated"),
    fits("idle-gap", "moderate", "idle", "connections of that age are the ones an idle timer closes"),
    denies(
      "bursts",
      "moderate",
      "scatter",
      "a race does not come in groups",
      (p) => p.dispersion > clustered,
    ),
    denies(
      "load-relation",
      "moderate",
      "load",
      "a race is rarer with load, not more frequent",
      (p) => p.shareWithLoad > followsLoad,
    ),
    denies(
      "concentration",
      "moderate",
      "spread",
      "a race strikes every target by its traffic",
      (p) => p.on === "address",
    ),
  ],
  "cdn-origin-keepalive-race": [
    fits("memoryless", "moderate", "scatter", "a race of two timers knows no moment"),
    fits("method-skew", "moderate", "methods", "what may not be sent twice is not repeated"),
    denies(
      "bursts",
      "moderate",
      "scatter",
      "a race does not come in groups",
      (p) => p.dispersion > clustered,
    ),
  ],
  "lb-idle-timeout-expired": [
    fits("timer-pile-up", "moderate", "timer", "one timer ended them"),
    fits("cut-off-durations", "moderate", "durations", "the timer cuts off what rightly takes longer"),
  ],
  "cdn-origin-timeout": [
    fits("timer-pile-up", "moderate", "said", "one timer ended them"),
    fits("cut-off-durations", "moderate", "durations", "the timer cuts off what rightly takes longer"),
  ],
  "lb-target-connection-blocked": [
    fits("timer-pile-up", "moderate", "timer", "the connect timer ended them"),
    denies(
      "address-life",
      "moderate",
      "life",
      "a closed port does not open by itself",
      (p) => p.life === "recovered",
    ),
  ],
  "lb-deregistration-race": [
    fits(
      "address-life",
      "moderate",
      "life",
      "a pod that is told to stop does not come back at its address",
      (p) => p.life === "vanished",
    ),
    denies("memoryless", "moderate", "bursts", "pods stop at moments, these failures have none"),
  ],
  "lb-response-header-limit": [
    fits(
      "concentration",
      "moderate",
      "paths",
      "the answer decides, not the target",
      (p) => p.on === "path" || p.on === "client",
    ),
  ],
  "client-abort-before-response": [
    fits("timer-pile-up", "moderate", "timer", "a client's own timer, not a person's impatience"),
  ],
};
