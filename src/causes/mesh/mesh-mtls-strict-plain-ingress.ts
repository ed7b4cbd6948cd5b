import type { PodView } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { unlessLoggedInside } from "../outer-log.ts";
import { alive } from "../pods.ts";
import { countText, failedAttempts, ofClass } from "../requests.ts";
import { see } from "../see.ts";

const fewest = 5;

/** Istio's proxy, as a container or as a native sidecar among the init containers. */
const hasProxy = (pod: PodView): boolean =>
  pod.containers.some((c) => c.name === "istio-proxy") ||
  (pod.spec.initContainers ?? []).some((c) => c.name === "istio-proxy");

/** Annotations take ports out of the sidecar's hands (istio tools/istio-iptables); then the application answers itself. */
function isIntercepted(pod: PodView): boolean {
  const annotation = (name: string): string | undefined =>
    pod.pod.metadata?.annotations?.[`traffic.sidecar.istio.io/${name}`];
  const names = (list: string | undefined): boolean =>
    list === "*" || (list ?? "").split(",").some((port) => port.trim() === String(pod.targetPort));
  const included = annotation("includeInboundPorts");
  return (included === undefined || names(included)) && !names(annotation("excludeInboundPorts"));
}

/**
 * The pods' sidecars take mutual TLS only (PeerAuthentication STRICT) and the gateway, which has no sidecar, speaks
 * plain HTTP: each connection is cut. A sidecar that let plain HTTP in would answer for a broken application, with a 503.
 */
export const meshMtlsStrictPlainIngress = defineCause({
  id: "mesh-mtls-strict-plain-ingress",
  title: "The pods' sidecars demand mutual TLS and the gateway speaks plain HTTP",
  hop: "mesh",
  codes: [502, 503],
  prior: 0.02,
  leadsTo: [],
  needs: ["pods", "gateway", "traffic"],
  helps: ["settings"],
  weigh({ pods, gateway, traffic, settings }) {
    const outside = unlessLoggedInside(traffic);
    if (outside !== undefined) return outside;
    const here = alive(pods);
    const inside = here.filter((p) => hasProxy(p) && isIntercepted(p));
    if (inside.length === 0)
      return refuted(
        speaksAgainst.decisive("no pod has an istio-proxy that takes its requests", "Pods .spec.containers"),
      );
    const injected = gateway.pods.find(hasProxy);
    if (injected !== undefined || gateway.kind === "istio")
      return refuted(
        speaksAgainst.strong(
          injected === undefined
            ? "the gateway is the mesh's own"
            : `${refText(injected.ref)} has an istio-proxy and speaks mutual TLS`,
          "Pods of the gateway .spec.containers",
        ),
      );
    const failed = failedAttempts(traffic);
    const cut = failed.filter(({ attempt }) => attempt.failure === "closed-before-header");
    if (cut.length === 0)
      return refuted(speaksAgainst.decisive("no connection was cut before a header", "gateway log"));
    const firstCutMs = Math.min(...cut.map((c) => c.attempt.endMs));
    const answered = [...traffic.addresses].find(([, stats]) => (stats.lastSuccessMs ?? 0) > firstCutMs);
    if (answered !== undefined)
      return refuted(
        speaksAgainst.decisive(`${answered[0]} answered others after the first was cut`, "gateway log"),
      );
    const text = `${countText(cut.length, failed.length, "failed attempts")} were connected and cut before a header, at every pod, and none was answered since`;
    const clues: Clue[] = [speaksFor.strong(text, "gateway log")];
    if (cut.length < fewest || cut.length < failed.length)
      return undecided(`${text}; too few or too mixed to blame the mesh`, peers, clues);
    if (gateway.pods.length === 0)
      return undecided(`${text}; the gateway's pods were not read`, peers, clues);
    clues.push(
      speaksFor.strong(
        `${inside.length} of ${here.length} pods have an istio-proxy and ${refText(gateway.pods[0]!.ref)} has none; a sidecar that takes plain HTTP answers 503 for a broken application instead of cutting`,
        "Pods .spec.containers",
        { see: peers },
      ),
    );
    const protocol = settings.state === "present" ? settings.value.backendProtocol.value : "HTTP";
    if (/S$/i.test(protocol))
      clues.push(speaksAgainst.moderate(`the gateway speaks ${protocol} to the pods`, "gateway settings"));
    return {
      state: "supported",
      subject: inside[0]!.owner ?? inside[0]!.ref,
      clues,
      explains: ofClass("closed-before-header"),
      fixes: [
        {
          title:
            'Give the gateway\'s pods a sidecar (and let ingress-nginx send to the Service: service-upstream "true" with upstream-vhost), or allow plain HTTP on that port: PeerAuthentication with portLevelMtls PERMISSIVE for these pods',
          applicability: "display-only",
          commands: [peers],
        },
      ],
    };
  },
});

const peers = see.shell("kubectl", "get", "peerauthentications.security.istio.io", "-A");
