import type { StoredResource } from "../../api-server/stored-kinds.ts";
import type { KubeObject } from "../../api-server/stored-object.ts";

/** What a gateway's controller watches. */
export const fedResources = [
  "configmaps",
  "endpointslices",
  "ingressclasses",
  "ingresses",
  "secrets",
  "services",
] as const satisfies readonly StoredResource[];

export type FedResource = (typeof fedResources)[number];

/** To the controller, one JSON text a line. */
export type FeedMessage =
  | {
      readonly type: "put";
      readonly resource: FedResource;
      readonly key: string;
      readonly object: KubeObject;
    }
  | { readonly type: "gone"; readonly resource: FedResource; readonly key: string }
  /** What is known of the resource is out of date; what there is follows. */
  | { readonly type: "relist"; readonly resource: FedResource }
  /** All that is there has been sent. */
  | { readonly type: "synced" }
  | { readonly type: "pace"; readonly pace: Pace };

/** How fast a controller takes changes over. */
export interface Pace {
  /** Looks at the cluster per second, at most: --sync-rate-limit of ingress-nginx. */
  readonly syncsPerSecond: number;
  /** Added to the time that a change of endpoints takes. */
  readonly endpointsDelayMs: number;
}

/** From the controller. */
export type FeedAnswer = EventMessage | AddressMessage;

/** An Event about its own pod or an Ingress. */
export interface EventMessage {
  readonly type: "event";
  readonly component: string;
  readonly about: { readonly kind: "Pod" | "Ingress"; readonly namespace: string; readonly name: string };
  readonly eventType: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** Where an Ingress is reachable: its status.loadBalancer. */
interface AddressMessage {
  readonly type: "address";
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
}
