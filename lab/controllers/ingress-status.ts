import type { Ingress } from "kubernetes-types/networking/v1";
import type { Machine, Stop } from "../machine/machine.ts";
import { startControlLoop } from "./control-loop.ts";
import { keysOfAll, objectOf, splitKey } from "./objects.ts";
import { writeStatus } from "./write-status.ts";

export interface IngressStatusSettings {
  /** Addresses of the gateway that serves an Ingress; undefined when none does. */
  readonly addressesOf: (ingress: Ingress) => readonly string[] | undefined;
}

/** Writes where each Ingress is served (ingress-nginx internal/ingress/status/status.go). */
export function startIngressStatus(machine: Machine, settings: IngressStatusSettings): Stop {
  const { store } = machine;
  return startControlLoop(machine, {
    name: "ingress-status",
    keysOf: ({ resource, object }) => {
      if (resource === "ingresses") return [object.key];
      return resource === "ingressclasses" ? keysOfAll(store, "ingresses") : [];
    },
    allKeys: () => keysOfAll(store, "ingresses"),
    sync: (key) => {
      const { namespace, name } = splitKey(key);
      const ingress = objectOf(store, "ingresses", name, namespace);
      const addresses = ingress === undefined ? undefined : settings.addressesOf(ingress);
      if (ingress === undefined || addresses === undefined) return;
      const loadBalancer = addresses.length === 0 ? {} : { ingress: addresses.map((ip) => ({ ip })) };
      writeStatus(machine, "ingresses", ingress, { loadBalancer });
    },
  });
}
