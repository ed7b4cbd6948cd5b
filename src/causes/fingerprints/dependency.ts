import { type Fingerprints, fits } from "./trait.ts";

/** One try of the resolver waits this long before it asks again (resolv.conf `timeout`). */
const resolverMs = 5000;
const isResolverStep = (ms: number): boolean => ms >= resolverMs - 50 && (ms + 50) % resolverMs <= 250;

/** What waiting for something behind the application looks like. */
export const dependencyFingerprints: Fingerprints = {
  "slow-dependency": [
    fits("concentration", "moderate", "paths", "the paths that need the dependency", (p) => p.on === "path"),
    fits("onset", "weak", "onset", "an episode with a beginning", (p) => p.shareBefore < 0.05),
    fits("timer-pile-up", "weak", "timer", "they waited until a timer ended it"),
  ],
  "coredns-overload-ndots": [
    fits("timer-pile-up", "moderate", "steps", "a lookup that is asked again waits 5 s", (p) =>
      isResolverStep(p.atMs),
    ),
  ],
  "dns-upstream-resolution-failure": [
    fits("timer-pile-up", "weak", "timer", "a resolver waits 5 s and asks again", (p) =>
      isResolverStep(p.atMs),
    ),
  ],
};
