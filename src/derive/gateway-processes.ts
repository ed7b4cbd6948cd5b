import type { Pod, PodTemplateSpec } from "kubernetes-types/core/v1";
import { type Evidence, namespaceOf } from "../evidence/evidence.ts";
import { objectsOf } from "./coverage.ts";
import { firstFlag } from "./gateway-args.ts";
import { type GatewayPod, recogniseGateway } from "./gateway-pods.ts";
import { oncePer } from "./once.ts";
import { compareText, maybe } from "./shape.ts";
import type { GatewayKind } from "./views.ts";

/** What a gateway's command line says about the Ingresses it takes. */
export interface GatewayProcess {
  readonly kind: GatewayKind;
  /** ingress-nginx `--controller-class`: the IngressClass `.spec.controller` it answers to. */
  readonly controllerClass?: string;
  /** ingress-nginx `--ingress-class`: the value of the legacy annotation it answers to. */
  readonly annotationClass?: string;
  readonly watchesWithoutClass: boolean;
  /** "namespace/name" of `--default-backend-service`. */
  readonly defaultBackend?: string;
}

/** Gateways among the pods that were read, or among workload templates when no pod is one. */
export const gatewayProcesses = oncePer((evidence: Evidence): readonly GatewayProcess[] => {
  const running = gatewayPods(evidence);
  const found = (running.length > 0 ? running : fromTemplates(evidence)).map(processOf);
  const distinct = new Map(found.map((process) => [JSON.stringify(process), process]));
  return [...distinct].sort(([a], [b]) => compareText(a, b)).map(([, process]) => process);
});

/** Every pod that carries requests for a gateway, in order of namespace and name. */
export const gatewayPods = oncePer((evidence: Evidence): readonly GatewayPod[] =>
  objectsOf(evidence, "pods").flatMap((pod) => recogniseGateway(pod) ?? []),
);

function fromTemplates(evidence: Evidence): GatewayPod[] {
  const workloads = [
    ...objectsOf(evidence, "deployments"),
    ...objectsOf(evidence, "daemonsets"),
    ...objectsOf(evidence, "statefulsets"),
  ];
  return workloads.flatMap((w) => recogniseGateway(podOf(w.spec?.template, namespaceOf(w))) ?? []);
}

const podOf = (template: PodTemplateSpec | undefined, namespace: string): Pod => ({
  metadata: { ...template?.metadata, namespace },
  ...maybe("spec", template?.spec),
});

/** Defaults: kubernetes/ingress-nginx pkg/flags/flags.go and internal/ingress/controller/ingressclass. */
function processOf({ kind, flags }: GatewayPod): GatewayProcess {
  if (kind !== "ingress-nginx") return { kind, watchesWithoutClass: false };
  return {
    kind,
    controllerClass: firstFlag(flags, ["controller-class"]) ?? "k8s.io/ingress-nginx",
    annotationClass: firstFlag(flags, ["ingress-class"]) ?? "nginx",
    watchesWithoutClass: flags.get("watch-ingress-without-class") === "true",
    ...maybe("defaultBackend", firstFlag(flags, ["default-backend-service"])),
  };
}
