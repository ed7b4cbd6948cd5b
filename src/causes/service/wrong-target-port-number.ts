import type { PodView } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { refText } from "../../evidence/object-ref.ts";
import { isServerName } from "../../logs/server-name.ts";
import type { AppSignal, Traffic } from "../../logs/traffic.ts";
import { probesOf } from "../../derive/probes.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { labelText, serviceRef } from "../names.ts";
import { countText, ofClass, portOf } from "../requests.ts";
import { see } from "../see.ts";
import { type FailedChecks, failedChecks } from "../server-checks.ts";
import { declaring, reselect } from "./passed-by.ts";

/**
 * The Service sends to a port number on which the process does not listen. The endpoints look
 * healthy, because readiness is checked on another port or not at all, and every connect is refused.
 */
export const wrongTargetPortNumber = defineCause({
  id: "wrong-target-port-number",
  title: "The Service sends to a port on which nothing listens",
  hop: "service",
  codes: [502, 503, 504],
  prior: 0.03,
  leadsTo: [],
  needs: ["service", "servicePort", "pods"],
  helps: ["traffic", "appLog", "neighbours", "gatewayLog", "patterns"],
  weigh({ service, servicePort, pods, traffic, appLog, neighbours, gatewayLog }) {
    const subject = serviceRef(service);
    const source = `${refText(subject)} .spec.ports[].targetPort`;
    if (typeof servicePort.targetPort === "string") {
      return refuted(
        speaksAgainst.decisive(`targetPort is the name ${servicePort.targetPort}, resolved per pod`, source),
      );
    }
    const port = servicePort.targetPort ?? servicePort.port;
    const served = successesOn(traffic, port);
    if (served > 0)
      return refuted(
        speaksAgainst.decisive(`${served} requests were answered on port ${port}`, "gateway log"),
      );
    const listening = listeningPorts(appLog, pods);
    if (listening.has(port))
      return refuted(
        speaksAgainst.strong(`the application's log says it listens on ${port}`, "application log"),
      );
    const probed = probedPorts(pods);
    if (pods.some((p) => p.ready) && probed.has(port)) {
      return refuted(
        speaksAgainst.strong(
          `readiness probes on port ${port} pass`,
          "Pods .spec.containers[].readinessProbe",
        ),
      );
    }
    const checks = failedChecks(gatewayLog, subject, /^Layer4 (?:connection problem|timeout)/);
    const refused = [...refusals(traffic, port), ...checked(checks)];
    const clues = [...refused, ...elsewhere(listening, port), ...undeclared(pods, port)];
    const isSeen = refused.length > 0 || clues.length > 1;
    if (!isSeen || !clues.some((c) => c.weight === "strong" || c.weight === "decisive")) {
      return undecided(
        `nothing read says whether the pods listen on ${port}`,
        pods[0] === undefined ? undefined : see.logs(pods[0].ref),
        clues,
      );
    }
    const meant = [...listening.keys()][0] ?? declaredPort(pods);
    const passed = declaring(neighbours, port);
    if (passed !== undefined)
      clues.push(
        speaksFor.moderate(
          `pods of ${refText(passed.owner)} declare port ${port} and the selector ${labelText(service.spec?.selector ?? {})} does not match them`,
          `${refText(subject)} .spec.selector`,
          { see: see.shell("kubectl", "get", "pods", "-n", subject.namespace ?? "default", "--show-labels") },
        ),
      );
    return {
      state: "supported",
      subject,
      clues,
      explains: (request, attempt) =>
        ofClass("connect-refused", "connect-timeout")(request, attempt) ||
        checks?.explains(request, attempt) === true,
      fixes: [
        ...(passed === undefined ? [] : [reselect(service, passed)]),
        ...(meant === undefined ? [] : [retarget(meant)]),
      ],
    };

    function retarget(to: number): Fix {
      const index = (service.spec?.ports ?? []).findIndex(
        (p) => p.port === servicePort.port && p.name === servicePort.name,
      );
      const body = [{ op: "replace", path: `/spec/ports/${index}/targetPort`, value: to }];
      return {
        title: `Set targetPort of ${refText(subject)} port ${servicePort.port} to ${to}`,
        applicability: "unsafe",
        commands: [see.patch(subject, "json", body)],
        patch: { object: subject, type: "json", body },
        effect: "endpoints move to that port at once; no pod restarts",
      };
    }
  },
});

function successesOn(traffic: Observed<Traffic>, port: number): number {
  if (traffic.state !== "present") return 0;
  let successes = 0;
  for (const [address, stats] of traffic.value.addresses)
    if (isAtPort(address, port)) successes += stats.attempts - stats.failed;
  return successes;
}

/** The servers of a Service's backend at HAProxy have the Service's port. */
const isAtPort = (address: string, port: number): boolean =>
  portOf(address) === port || isServerName(address);

const checked = (checks: FailedChecks | undefined): Clue[] =>
  checks === undefined
    ? []
    : [
        speaksFor.strong(
          `${checks.servers.length} servers of the Service are down for HAProxy, whose own health checks say: ${checks.reason}`,
          "HAProxy's log",
          { group: "refused" },
        ),
      ];

function refusals(traffic: Observed<Traffic>, port: number): Clue[] {
  if (traffic.state !== "present") return [];
  let attempts = 0;
  let refused = 0;
  for (const [address, stats] of traffic.value.addresses) {
    if (!isAtPort(address, port)) continue;
    attempts += stats.attempts;
    refused += stats.byClass["connect-refused"] ?? 0;
  }
  if (refused === 0 || refused < attempts * 0.9) return [];
  return [
    speaksFor.strong(
      `${countText(refused, attempts, `attempts at port ${port}`)} were refused, on every pod`,
      "gateway log",
      { group: "refused" },
    ),
  ];
}

/** Ports the application says it listens on, in the containers that run now. */
function listeningPorts(
  appLog: Observed<readonly AppSignal[]>,
  pods: readonly PodView[],
): Map<number, AppSignal> {
  const names = new Set(pods.map((p) => p.ref.name));
  const ports = new Map<number, AppSignal>();
  if (appLog.state !== "present") return ports;
  for (const signal of appLog.value) {
    if (signal.kind === "listening" && !signal.previous && signal.port !== undefined && names.has(signal.pod))
      ports.set(signal.port, signal);
  }
  return ports;
}

function elsewhere(listening: ReadonlyMap<number, AppSignal>, port: number): Clue[] {
  const [first] = listening.values();
  if (first === undefined) return [];
  const ports = [...listening.keys()].join(", ");
  return [
    speaksFor.strong(
      `the application says it listens on ${ports}, the Service sends to ${port}`,
      `log of ${first.namespace}/${first.pod}: ${first.line.slice(0, 120)}`,
    ),
  ];
}

function undeclared(pods: readonly PodView[], port: number): Clue[] {
  const declared = pods.flatMap((p) =>
    p.containers.flatMap((c) => c.spec.ports?.map((x) => x.containerPort) ?? []),
  );
  if (declared.length === 0 || declared.includes(port)) return [];
  return [
    speaksFor.moderate(
      `the containers declare ${[...new Set(declared)].join(", ")}, not ${port}`,
      "Pods .spec.containers[].ports",
    ),
  ];
}

const probedPorts = (pods: readonly PodView[]): Set<number | undefined> =>
  new Set(
    pods
      .flatMap((p) => probesOf(p))
      .filter((p) => p.kind === "readiness" && p.type !== "exec")
      .map((p) => p.port),
  );

function declaredPort(pods: readonly PodView[]): number | undefined {
  const declared = new Set(
    pods.flatMap((p) =>
      p.containers
        .filter((c) => c.role === "main")
        .flatMap((c) => c.spec.ports?.map((x) => x.containerPort) ?? []),
    ),
  );
  return declared.size === 1 ? [...declared][0] : undefined;
}
