import { denies, type Fingerprints, fits } from "./trait.ts";

const followsLoad = 0.5;
/** A burst of a rolling update strikes the one or two pods that go at that moment. */
const fewAddresses = 2;

/** What failures at the start and end of pods look like. */
export const podFingerprints: Fingerprints = {
  "shutdown-no-prestop-race": [
    fits(
      "bursts",
      "moderate",
      "bursts",
      "one pod after the other stops",
      (p) => p.bursts.length > 1 && p.bursts.every((b) => b.addresses.length <= fewAddresses),
    ),
    fits(
      "address-life",
      "weak",
      "life",
      "a pod that is told to stop does not come back at its address",
      (p) => p.life === "vanished",
    ),
    denies(
      "address-life",
      "weak",
      "life",
      "a stopped pod's address does not serve again",
      (p) => p.life === "recovered",
    ),
    denies("memoryless", "moderate", "bursts", "pods stop at moments, these failures have none"),
  ],
  "termination-grace-too-short": [
    fits("end-alignment", "moderate", "cut", "a kill ends every open request at once"),
    fits(
      "address-life",
      "weak",
      "life",
      "the pod does not come back at its address",
      (p) => p.life === "vanished",
    ),
  ],
  "liveness-probe-restart-loop": [
    fits("end-alignment", "moderate", "cut", "a kill ends every open request at once"),
    fits(
      "address-life",
      "moderate",
      "life",
      "a container restarted in place keeps its address",
      (p) => p.life === "recovered",
    ),
  ],
  "readiness-probe-timeout-flapping": [
    fits("bursts", "moderate", "bursts", "pods leave the endpoints and come back"),
    fits(
      "load-relation",
      "moderate",
      "load",
      "a probe times out when the application is busy",
      (p) => p.shareWithLoad > followsLoad,
    ),
  ],
  "readiness-probe-too-strict": [
    fits("bursts", "weak", "bursts", "all pods leave the endpoints together and come back"),
  ],
  "readiness-probe-missing-or-lenient": [
    fits(
      "address-life",
      "moderate",
      "young",
      "the pod was sent requests before it could serve",
      (p) => p.life === "not-ready-yet",
    ),
  ],
  "hpa-lag": [
    fits(
      "load-relation",
      "moderate",
      "load",
      "capacity is short where load is high",
      (p) => p.shareWithLoad > followsLoad,
    ),
    fits("onset", "weak", "end", "it ended by itself, as capacity arrived", (p) => p.endMs !== undefined),
  ],
  "hpa-max-replicas": [
    fits(
      "load-relation",
      "moderate",
      "load",
      "capacity is short where load is high",
      (p) => p.shareWithLoad > followsLoad,
    ),
  ],
  "rollout-bad-revision": [
    fits(
      "concentration",
      "strong",
      "revision",
      "the template decides which pods fail",
      (p) => p.on === "revision",
    ),
    fits("onset", "weak", "onset", "it worked before the change", (p) => p.shareBefore < 0.05),
  ],
  "node-pressure-eviction": [
    fits(
      "address-life",
      "moderate",
      "life",
      "an evicted pod does not come back at its address",
      (p) => p.life === "vanished",
    ),
  ],
};
