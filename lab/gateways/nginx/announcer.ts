import type { OpenMirror } from "../feed/mirror.ts";
import { structured } from "../klog.ts";
import { classOf } from "../routes/ingress-class.ts";
import type { ControllerParts } from "./controller.ts";
import type { ControllerFlags } from "./flags.ts";
import { publishAddress } from "./publish-address.ts";

/** Says of every Ingress, once it is seen, whether it is the controller's (store.go, `ingEventHandler`). */
export function openAnnouncer(
  mirror: OpenMirror,
  flags: ControllerFlags,
  log: ControllerParts["log"],
): (key: string) => void {
  const told = new Map<string, string>();
  return (key) => {
    const ingress = mirror.get("ingresses", key);
    if (ingress === undefined) {
      told.delete(key);
      return;
    }
    const found = classOf(mirror, ingress, { controller: flags.controllerClass, name: flags.ingressClass });
    if ("name" in found) publishAddress(mirror, ingress, flags.publishService, log);
    const state = JSON.stringify(found);
    if (told.get(key) === state) return;
    told.set(key, state);
    if ("problem" in found) {
      const message = "Ignoring ingress because of error while validating ingress class";
      log("I", "store.go:439", structured(message, { ingress: key, error: found.problem }));
      return;
    }
    log(
      "I",
      "store.go:443",
      structured("Found valid IngressClass", { ingress: key, ingressclass: found.name }),
    );
    const { namespace = "default", name = "", uid = "", resourceVersion = "" } = ingress.metadata ?? {};
    log(
      "I",
      "event.go:377",
      eventLine(
        { kind: "Ingress", namespace, name, uid, resourceVersion },
        "Normal",
        "Sync",
        "Scheduled for sync",
      ),
    );
    mirror.send({
      type: "event",
      component: "nginx-ingress-controller",
      about: { kind: "Ingress", namespace, name },
      eventType: "Normal",
      reason: "Sync",
      message: "Scheduled for sync",
    });
  };
}

export interface Referred {
  readonly kind: "Pod" | "Ingress";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** How client-go's recorder logs an Event (tools/record/event.go `StartLogging`). */
export function eventLine(about: Referred, type: string, reason: string, message: string): string {
  const version = about.kind === "Pod" ? "v1" : "networking.k8s.io/v1";
  const { kind, namespace, name, uid, resourceVersion } = about;
  return `Event(v1.ObjectReference{Kind:"${kind}", Namespace:"${namespace}", Name:"${name}", UID:"${uid}", APIVersion:"${version}", ResourceVersion:"${resourceVersion}", FieldPath:""}): type: '${type}' reason: '${reason}' ${message}`;
}
