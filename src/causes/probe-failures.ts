import { probesOf } from "../derive/probes.ts";
import type { EventView, PodView, ProbeView } from "../derive/views.ts";
import type { Observed } from "../evidence/observed.ts";
import { eventsOn } from "./pods.ts";

/** One Unhealthy event read: which probe failed on which pod, and how. */
export interface ProbeFailure {
  readonly pod: PodView;
  readonly event: EventView;
  readonly kind: ProbeView["kind"];
  readonly how: "refused" | "timeout" | "status" | "protocol" | "reset" | "unreachable" | "exec" | "other";
  /** HTTP status, with "status". */
  readonly status?: number;
  /** Port in the kubelet's words: "dial tcp 10.42.3.17:8081". */
  readonly port?: number;
  readonly probe?: ProbeView;
}

/** Wording of the kubelet: kubernetes/kubernetes pkg/kubelet/prober and pkg/probe/{http,tcp,grpc,exec}. */
const ways: readonly (readonly [RegExp, ProbeFailure["how"]])[] = [
  [/statuscode: \d+/i, "status"],
  // The gRPC prober dials until its timeout and says so of a port that nobody listens on.
  [/connection refused|timeout: failed to connect service/i, "refused"],
  [
    /malformed HTTP|HTTP response to HTTPS client|an HTTPS server|tls: |x509|first record does not look like|http2: |error reading server preface|Unimplemented|unknown service/i,
    "protocol",
  ],
  [/connection reset|broken pipe|\bEOF\b/i, "reset"],
  [/deadline exceeded|timed? ?out|i\/o timeout|timeout: /i, "timeout"],
  [/no route to host|network is unreachable/i, "unreachable"],
];

/** Probe failures of these pods from events, oldest first. */
export function probeFailures(
  events: Observed<readonly EventView[]>,
  pods: readonly PodView[],
): ProbeFailure[] {
  return pods
    .flatMap((pod) =>
      eventsOn(events, pod.ref, "Unhealthy", "ProbeWarning").flatMap((event) => read(pod, event)),
    )
    .sort((a, b) => a.event.lastMs - b.event.lastMs);
}

function read(pod: PodView, event: EventView): ProbeFailure[] {
  const kind = /^(Readiness|Liveness|Startup) probe/i.exec(event.message)?.[1]?.toLowerCase() as
    | ProbeView["kind"]
    | undefined;
  if (kind === undefined) return [];
  const probe = probesOf(pod).find(
    (p) => p.kind === kind && (event.container === undefined || p.container === event.container),
  );
  const how =
    probe?.type === "exec" ? "exec" : (ways.find(([pattern]) => pattern.test(event.message))?.[1] ?? "other");
  const status = /statuscode: (\d+)/i.exec(event.message)?.[1];
  const port =
    /(?:dial tcp |:\/\/)[^\s/"]*?:(\d+)/.exec(event.message)?.[1] ?? /:(\d+)/.exec(event.message)?.[1];
  return [
    {
      pod,
      event,
      kind,
      how,
      ...(status === undefined ? {} : { status: Number(status) }),
      ...(port === undefined
        ? probe?.port === undefined
          ? {}
          : { port: probe.port }
        : { port: Number(port) }),
      ...(probe === undefined ? {} : { probe }),
    },
  ];
}
