import type { Endpoint } from "../routes/endpoints.ts";
import type { Canary, LocationSettings } from "./annotations.ts";

/** What the gateway does, made of the cluster's objects: kubernetes/ingress-nginx pkg/apis/ingress/types.go. */
export interface Configuration {
  readonly servers: readonly ServerBlock[];
  readonly backends: readonly Backend[];
  /** What the controller logs while it makes this. */
  readonly warnings: readonly Warning[];
}

export interface ServerBlock {
  /** "_" for requests of no known host. */
  readonly host: string;
  readonly locations: readonly Location[];
  readonly serverSnippet: string;
}

export interface Location {
  readonly path: string;
  readonly pathType: string;
  /** Name of a backend: "shop-cart-80". */
  readonly backend: string;
  /** Not written in any Ingress. */
  readonly isDefault: boolean;
  /** Where failures of `customHttpErrors` are sent. */
  readonly errorBackend: string;
  readonly settings: LocationSettings;
  readonly isLogged: boolean;
  readonly source: LocationSource;
  /** Why every request is answered with 503. */
  readonly denied?: string;
}

interface LocationSource {
  readonly namespace: string;
  readonly ingress: string;
  readonly uid: string;
  readonly service: string;
  readonly port: string;
  /** As the Ingress has it: one location may be two in nginx. */
  readonly path: string;
}

/** An upstream; endpoints change without a reload. */
export interface Backend {
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** A name to resolve instead of endpoints. */
  readonly external?: { readonly host: string; readonly port: number };
  readonly alternative?: string;
  readonly canary?: Canary;
  readonly affinityCookie?: string;
}

export interface Warning {
  readonly severity: "W" | "E";
  readonly place: string;
  readonly text: string;
}

export const defaultBackendName = "upstream-default-backend";
/** Server for requests of no known host. */
export const catchAll = "_";
