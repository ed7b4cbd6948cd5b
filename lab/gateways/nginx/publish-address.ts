import type { Ingress } from "kubernetes-types/networking/v1";
import type { OpenMirror } from "../feed/mirror.ts";
import { structured } from "../klog.ts";
import type { ControllerParts } from "./controller.ts";

/**
 * Tells an Ingress the address of the Service of --publish-service, unless it has it (internal/ingress/status/status.go).
 * @param service "namespace/name"; absent: nothing is told
 */
export function publishAddress(
  mirror: OpenMirror,
  ingress: Ingress,
  service: string | undefined,
  log: ControllerParts["log"],
): void {
  const found = service === undefined ? undefined : mirror.get("services", service);
  const ip = found?.status?.loadBalancer?.ingress?.[0]?.ip;
  const current = ingress.status?.loadBalancer?.ingress;
  if (ip === undefined || current?.[0]?.ip === ip) return;
  const { namespace = "default", name = "" } = ingress.metadata ?? {};
  const pairs = { namespace, ingress: name, currentValue: JSON.stringify(current ?? null) };
  log(
    "I",
    "status.go:311",
    structured("updating Ingress status", { ...pairs, newValue: JSON.stringify([{ ip }]) }),
  );
  mirror.send({ type: "address", namespace, name, ip });
}
