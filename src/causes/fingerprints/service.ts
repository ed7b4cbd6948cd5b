import { denies, type Fingerprints, fits } from "./trait.ts";

/** What failures between gateway and pods look like, by address. */
export const serviceFingerprints: Fingerprints = {
  "wrong-target-port-number": [
    fits(
      "address-life",
      "strong",
      "refused",
      "nothing ever listened there",
      (p) => p.life === "never-worked",
    ),
    denies(
      "address-life",
      "strong",
      "life",
      "an address that served has the right port",
      (p) => p.life === "recovered" || p.life === "vanished",
    ),
  ],
  "network-policy-blocks-ingress": [
    fits(
      "address-life",
      "weak",
      "answers",
      "what a policy closes does not answer at all",
      (p) => p.life === "never-worked",
    ),
    denies(
      "address-life",
      "moderate",
      "answers",
      "a policy does not open again by itself",
      (p) => p.life === "recovered",
    ),
  ],
  "service-selector-overlap": [
    fits(
      "address-life",
      "moderate",
      "foreign",
      "these pods serve something else",
      (p) => p.life === "never-worked",
    ),
  ],
  "stale-endpoint-after-pod-deletion": [
    fits(
      "address-life",
      "weak",
      "life",
      "the pod is gone and the address with it",
      (p) => p.life === "vanished",
    ),
    denies(
      "address-life",
      "moderate",
      "life",
      "an address that answers again is no stale one",
      (p) => p.life === "recovered",
    ),
  ],
  "node-not-ready": [
    fits(
      "concentration",
      "strong",
      "node-hits",
      "one node's pods fail and the others' do not",
      (p) => p.on === "node",
    ),
  ],
};
