import type { FindingReport, Report, TargetReport } from "../../src/report/report.ts";

/** Hand-made reports, one for each way a diagnosis can end. */

const selectorMismatch: FindingReport = {
  cause: "no-endpoints-selector-mismatch",
  title: "The Service selects no pod",
  state: "supported",
  confidence: 0.98,
  hop: "service",
  subject: { kind: "Service", namespace: "shop", name: "cart" },
  share: { explained: 1753, of: 1753 },
  because: [
    {
      cause: "no-endpoints-selector-mismatch",
      title: "The Service selects no pod",
      subject: { kind: "Service", namespace: "shop", name: "cart" },
    },
  ],
  clues: [
    {
      for: true,
      weight: "decisive",
      text: "the selector asks app=cart-v2; the 3 ready pods of Deployment shop/cart carry app=cart",
      source: "Service shop/cart .spec.selector",
      see: "kubectl get service cart -n shop -o 'jsonpath={.spec.selector}'",
    },
    {
      for: true,
      weight: "strong",
      text: 'the controller logged that Service "shop/cart" does not have any active Endpoint',
      source: "log of Pod ingress-nginx/controller-7d9 at 10:12:03",
      see: "kubectl logs controller-7d9 -n ingress-nginx | grep -F 'does not have any active Endpoint'",
    },
    {
      for: false,
      weight: "weak",
      text: "the Service was not edited in the last hour",
      source: "Service shop/cart .metadata.managedFields",
    },
  ],
  fixes: [
    {
      title: "Set the selector of Service shop/cart to app=cart",
      applicability: "unsafe",
      commands: [`kubectl patch service cart -n shop --type merge -p '{"spec":{"selector":{"app":"cart"}}}'`],
      patch: {
        object: { kind: "Service", namespace: "shop", name: "cart" },
        type: "merge",
        body: { spec: { selector: { app: "cart" } } },
      },
      effect: "traffic reaches the pods of Deployment shop/cart within seconds",
    },
  ],
};

const refuted = (cause: string, text: string): FindingReport => ({
  cause,
  title: `Title of ${cause}`,
  state: "refuted",
  confidence: 0,
  hop: "pod",
  because: [],
  clues: [{ for: false, weight: "decisive", text, source: "Pod shop/cart-1 .status" }],
  fixes: [],
});

export const explained: TargetReport = {
  target: "shop.example.com/cart",
  alsoAffects: ["shop.example.com/basket"],
  status: "explained",
  headline:
    "The Service selects no pod: the selector asks app=cart-v2; the 3 ready pods of Deployment shop/cart carry app=cart",
  route: [
    {
      hop: "gateway",
      state: "ok",
      note: "ingress-nginx, 2 of 2 pods ready",
      object: { kind: "Deployment", namespace: "ingress-nginx", name: "controller" },
    },
    {
      hop: "route",
      state: "ok",
      note: "shop.example.com/cart",
      object: { kind: "Ingress", namespace: "shop", name: "cart" },
    },
    {
      hop: "service",
      state: "broken",
      note: "port 80 → 8080",
      object: { kind: "Service", namespace: "shop", name: "cart" },
    },
    { hop: "endpoints", state: "suspect", note: "none" },
    { hop: "pod", state: "suspect", note: "none selected" },
  ],
  symptom: {
    counted: true,
    requests: 1754,
    failed: 1753,
    masked: 0,
    codes: { "503": 1753 },
    classes: { "no-endpoint": 1753 },
    origin: "gateway",
    pattern: "constant",
    from: "2026-11-18T10:12:03.000Z",
    to: "2026-11-18T10:29:58.000Z",
  },
  findings: [
    selectorMismatch,
    refuted("oom-killed", "no container was OOM killed in the window"),
    refuted("crash-loop-backoff", "no container of the 3 pods restarted"),
    refuted("wrong-target-port-number", "no endpoint exists to be reached on any port"),
    refuted("node-not-ready", "all 4 nodes are Ready"),
    refuted("keepalive-idle-race", "no attempt reached a pod"),
    refuted("service-missing", "Service shop/cart exists"),
    refuted("slow-dependency", "no attempt waited for an answer"),
  ],
  unknown: [
    {
      evidence: "networkpolicies",
      reason: "forbidden: cannot list networkpolicies in shop",
      wouldDecide: ["network-policy-blocks-ingress"],
    },
  ],
  next: [
    "Set the selector of Service shop/cart to app=cart",
    "why5xx explain no-endpoints-selector-mismatch",
  ],
};

/** A chain of three and a share that leaves failures over; a second cause beside it. */
export const partlyExplained: TargetReport = {
  ...explained,
  target: "api.example.com/v1",
  alsoAffects: [],
  status: "partly-explained",
  headline:
    "The readiness probe asks a port that nothing listens on: httpGet :8081/healthz, the container listens on 8080 (and 1 more)",
  symptom: {
    ...explained.symptom,
    requests: 5120,
    failed: 412,
    masked: 37,
    codes: { "502": 51, "503": 361 },
    pattern: "bursts",
  },
  findings: [
    {
      ...selectorMismatch,
      cause: "probe-wrong-port-or-protocol",
      title: "The readiness probe asks a port that nothing listens on",
      confidence: 0.93,
      hop: "pod",
      subject: { kind: "Deployment", namespace: "shop", name: "api" },
      share: { explained: 361, of: 412 },
      because: [
        {
          cause: "no-endpoints-pods-not-ready",
          title: "No endpoint of the Service is ready",
          subject: { kind: "Service", namespace: "shop", name: "api" },
        },
        { cause: "rollout-bad-revision", title: "The new revision never becomes ready" },
        {
          cause: "probe-wrong-port-or-protocol",
          title: "The readiness probe asks a port that nothing listens on",
          subject: { kind: "Deployment", namespace: "shop", name: "api" },
        },
      ],
    },
    {
      ...selectorMismatch,
      cause: "no-endpoints-pods-not-ready",
      title: "No endpoint of the Service is ready",
      because: [{ cause: "no-endpoints-pods-not-ready", title: "No endpoint of the Service is ready" }],
    },
    {
      cause: "oom-killed",
      title: "A container was killed for using more memory than its limit",
      state: "supported",
      confidence: 0.71,
      hop: "pod",
      subject: { kind: "Deployment", namespace: "shop", name: "api" },
      because: [
        { cause: "oom-killed", title: "A container was killed for using more memory than its limit" },
      ],
      clues: [
        {
          for: true,
          weight: "strong",
          text: "container app of Pod shop/api-1 ended with OOMKilled at 10:15:00",
          source: "Pod shop/api-1 .status.containerStatuses[0].lastState",
        },
      ],
      fixes: [],
      share: { explained: 20, of: 412 },
    },
  ],
  unknown: [],
};

export const healthy: TargetReport = {
  target: "shop.example.com/",
  alsoAffects: [],
  status: "healthy",
  headline: "No request failed: 940 seen, none with 502, 503 or 504",
  route: explained.route.map((hop) => ({
    ...hop,
    state: "ok",
    note: hop.hop === "endpoints" ? "3 ready of 3" : hop.note,
  })),
  symptom: { counted: true, requests: 940, failed: 0, masked: 0, codes: {}, classes: {}, pattern: "none" },
  findings: [refuted("oom-killed", "no container was OOM killed in the window")],
  unknown: [],
  next: [],
};

export const undecided: TargetReport = {
  target: "shop.example.com/pay",
  alsoAffects: [],
  status: "undecided",
  headline:
    "Nothing wrong in what was read (not readable: pod), but no gateway log was there to count requests",
  route: [
    { hop: "gateway", state: "unknown", note: "ingress-nginx; its pods could not be read" },
    {
      hop: "service",
      state: "ok",
      note: "port 80 → 8080",
      object: { kind: "Service", namespace: "shop", name: "pay" },
    },
    { hop: "pod", state: "unknown", note: "forbidden: cannot list pods in shop" },
  ],
  symptom: { counted: false, requests: 0, failed: 0, masked: 0, codes: {}, classes: {}, pattern: "unknown" },
  findings: [
    {
      cause: "keepalive-idle-race",
      title: "The application closes idle connections before the gateway does",
      state: "undecided",
      confidence: 0.02,
      hop: "application",
      because: [],
      clues: [],
      fixes: [],
      why: "the gateway's log was not read",
      lookAt: "kubectl logs -n ingress-nginx deploy/controller --since=1h",
    },
  ],
  unknown: [
    {
      evidence: "gateway-log",
      reason: "not in the bundle",
      wouldDecide: [
        "keepalive-idle-race",
        "oom-killed",
        "proxy-read-timeout-too-short",
        "rate-limit-503",
        "slow-dependency",
      ],
    },
  ],
  next: ["kubectl logs -n ingress-nginx deploy/controller --since=1h"],
};

export function reportOf(targets: readonly TargetReport[], more: Partial<Report> = {}): Report {
  return {
    schema: "why5xx.report/v1",
    tool: { version: "0.1.0" },
    collectedAt: "2026-11-18T10:30:00.000Z",
    source: { kind: "support-bundle", name: "shop.tar.gz" },
    targets,
    losses: [],
    scope: { routes: targets.length, healthy: 0, undecided: 0, missing: [] },
    ...more,
  };
}
