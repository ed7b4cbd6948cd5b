import { denies, type Fingerprints, fits } from "./trait.ts";

/** A keep-alive race reaches one in a thousand attempts only where something else widens its window. */
const mostPerMillion = 1000;
/** Two rank correlations that say: capacity, or nothing to do with load. */
const followsLoad = 0.5;
const ignoresLoad = 0.3;
/** Variance ÷ mean of the counts per 10 s of failures that come in groups. */
const clustered = 2;

/** What failures made by the application's own life look like. */
export const applicationFingerprints: Fingerprints = {
  "keepalive-idle-race": [
    fits(
      "memoryless",
      "moderate",
      "scatter",
      "a race of two timers knows no moment",
      (p) => p.perMillionLow <= mostPerMillion,
    ),
    denies(
      "memoryless",
      "moderate",
      "rate",
      "too many for a race alone",
      (p) => p.perMillionLow > mostPerMillion,
    ),
    denies(
      "bursts",
      "moderate",
      "scatter",
      "a race does not come in groups",
      (p) => p.dispersion > clustered,
    ),
    fits("method-skew", "strong", "methods", "nginx repeats the ones and not the others"),
    fits(
      "load-relation",
      "moderate",
      "load",
      "a race is rarer where connections do not get to idle",
      (p) => p.shareWithLoad < 0 && Math.abs(p.countWithLoad) <= ignoresLoad,
    ),
    denies(
      "load-relation",
      "moderate",
      "load",
      "a race is rarer with load, not more frequent",
      (p) => p.shareWithLoad > followsLoad,
    ),
    fits("idle-gap", "moderate", "idle", "connections of that age are the ones an idle timer closes"),
    denies(
      "concentration",
      "moderate",
      "spread",
      "a race strikes every pod by its traffic",
      (p) => p.on === "address",
    ),
    denies("end-alignment", "moderate", "alignment", "requests that end together were cut by one event"),
  ],
  "upstream-keepalive-unsupported": [
    denies(
      "memoryless",
      "moderate",
      "rate",
      "a backend that never keeps connections fails far more",
      (p) => p.perMillionHigh <= mostPerMillion,
    ),
    denies("concentration", "weak", "spread", "every pod would do the same", (p) => p.on === "address"),
  ],
  "app-not-listening-yet": [
    fits(
      "address-life",
      "strong",
      "first-answer",
      "a process that is started and not yet open",
      (p) => p.life === "not-ready-yet",
    ),
    denies(
      "address-life",
      "moderate",
      "life",
      "an address that served before is no new pod",
      (p) => p.life === "vanished",
    ),
  ],
  "app-listens-on-loopback": [
    fits(
      "address-life",
      "moderate",
      "refused",
      "nothing listens there for the gateway",
      (p) => p.life === "never-worked",
    ),
  ],
  "oom-killed": [
    fits("end-alignment", "strong", "cut", "a kill ends every open request at once"),
    fits(
      "address-life",
      "moderate",
      "life",
      "a container restarted in place keeps its address",
      (p) => p.life === "recovered",
    ),
  ],
  "app-worker-crash": [
    fits("timer-pile-up", "moderate", "timer", "a worker's own time limit ends at one value"),
  ],
  "crash-loop-backoff": [
    fits("outage-gaps", "strong", "gaps", "the kubelet doubles its wait before each restart"),
    fits(
      "address-life",
      "weak",
      "life",
      "a container restarted in place keeps its address",
      (p) => p.life === "recovered",
    ),
  ],
  "worker-pool-exhausted": [
    fits(
      "load-relation",
      "moderate",
      "load",
      "a queue fills when more comes in than is done",
      (p) => p.shareWithLoad > followsLoad,
    ),
    denies("concentration", "weak", "paths", "a full pool delays cheap requests too", (p) => p.on === "path"),
  ],
  "response-header-too-large": [
    fits(
      "concentration",
      "moderate",
      "paths",
      "the answer decides, not the pod",
      (p) => p.on === "path" || p.on === "client",
    ),
  ],
  "invalid-response-header": [
    fits(
      "concentration",
      "moderate",
      "paths",
      "the answer decides, not the pod",
      (p) => p.on === "path" || p.on === "client",
    ),
  ],
};
