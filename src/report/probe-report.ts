import type { Report } from "./report.ts";

/** What `probe` saw at each hop and where it says the fault lies, as plain JSON. */

export const probeSchema = "why5xx.probe/v1";

export interface ProbeReport {
  readonly schema: typeof probeSchema;
  readonly tool: Report["tool"];
  readonly startedAt: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    /** Where the connection goes when not to the URL's own host. */
    readonly connectTo?: string;
  };
  /** The route of the cluster that serves the URL. */
  readonly target?: string;
  /** In the order of the way. */
  readonly hops: readonly HopProbe[];
  /** What the API says of the Service on the way; it is not asked itself, as no process stands behind its address. */
  readonly service?: ServiceProbe;
  readonly verdict: ProbeVerdict;
  /** What has to be borne in mind when this is read. */
  readonly notes: readonly string[];
  readonly unknown: readonly { readonly what: string; readonly reason: string; readonly next?: string }[];
}

export interface ProbeVerdict {
  /** "well": no hop that was asked fails now. */
  readonly state: "well" | "failing" | "unknown";
  /** "The failing layer is between the gateway and the pods: …" */
  readonly sentence: string;
  /** Outermost first; several when several fail. */
  readonly layers: readonly LayerProbe[];
  /** Commands to go on with. */
  readonly next: readonly string[];
}

export interface LayerProbe {
  readonly from: string;
  readonly to: string;
  readonly what: string;
  readonly because: readonly string[];
}

export interface ServiceProbe {
  readonly name: string;
  readonly state: "ok" | "broken" | "unknown";
  /** "80 → 8080, 2 ready of 3" */
  readonly note: string;
}

export interface HopProbe {
  readonly place: "dns" | "address" | "gateway" | "gateway-pod" | "pod";
  readonly name: string;
  readonly via: "resolver" | "direct" | "port-forward";
  readonly state: "ok" | "failed" | "unknown";
  /**
   * Of a pod: the Service leads to that port; the pod only declares it; or it was asked over TLS where the gateway speaks
   * plain HTTP to it, or the other way round.
   */
  readonly port?: "target" | "declared" | "other-protocol";
  readonly isReady?: boolean;
  readonly addresses?: readonly string[];
  readonly connectedTo?: string;
  readonly tls?: {
    readonly serverName?: string;
    readonly protocol: string;
    readonly isVerified: boolean;
    readonly why?: string;
    readonly chain: readonly {
      readonly subject: string;
      readonly issuer: string;
      readonly names: readonly string[];
      readonly from: string;
      readonly to: string;
    }[];
  };
  readonly answer?: {
    readonly status: number;
    readonly statusText: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly bodyBytes: number;
    readonly bodyHash: string;
    readonly bodyStart: string;
  };
  /** Who made the status, and how that was decided. */
  readonly origin?: { readonly who: Origin; readonly because: string };
  readonly problem?: { readonly phase: string; readonly code: string; readonly text: string };
  readonly unasked?: { readonly reason: string; readonly next?: string };
  /** Milliseconds that each phase took. */
  readonly timings: {
    readonly resolveMs?: number;
    readonly connectMs?: number;
    readonly tlsMs?: number;
    readonly firstByteMs?: number;
    readonly totalMs?: number;
  };
}

export type Origin = "application" | "gateway" | "load-balancer" | "cdn" | "unknown";
