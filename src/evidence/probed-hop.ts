/** What one request to one station on the way showed. Times are milliseconds. */

type ProbedPlace = "dns" | "address" | "gateway" | "gateway-pod" | "pod";

export interface ProbedHop {
  readonly place: ProbedPlace;
  /** "shop.example.com", "10.0.0.7:443", "shop/web-1:8080". */
  readonly name: string;
  readonly via: "resolver" | "direct" | "port-forward";
  /**
   * Of a pod: the Service leads to that port; the pod only declares it; or it was asked over TLS where the gateway speaks
   * plain HTTP to it, or the other way round.
   */
  readonly port?: "target" | "declared" | "other-protocol";
  /** Of a pod. */
  readonly isReady?: boolean;
  /** What the name resolves to. */
  readonly addresses?: readonly string[];
  /** The address that was connected to. */
  readonly connectedTo?: string;
  readonly tls?: SeenTls;
  readonly answer?: SeenAnswer;
  readonly problem?: HopProblem;
  /** The hop could not be asked at all, which says nothing of it. */
  readonly unasked?: { readonly reason: string; readonly next?: string };
  readonly timings: HopTimings;
}

/** How long each phase took, not since when. */
export interface HopTimings {
  readonly resolveMs?: number;
  readonly connectMs?: number;
  readonly tlsMs?: number;
  readonly firstByteMs?: number;
  readonly totalMs?: number;
}

export interface SeenTls {
  /** Absent: no server name was sent, as the host is an address. */
  readonly serverName?: string;
  readonly protocol: string;
  /** Leaf first. */
  readonly chain: readonly SeenCertificate[];
  readonly isVerified: boolean;
  /** OpenSSL's code and what it means. */
  readonly why?: string;
}

export interface SeenCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and addresses that it is for. */
  readonly names: readonly string[];
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
}

export interface SeenAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Lower-case names: server, via, location, content-type and others that say who answered. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes read; at most 64 KiB are. */
  readonly bodyBytes: number;
  /** SHA-256 of what was read. */
  readonly bodyHash: string;
  /** The first characters. */
  readonly bodyStart: string;
}

export interface HopProblem {
  readonly phase: "resolve" | "connect" | "tls" | "answer" | "body";
  /** ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED, "deadline", … */
  readonly code: string;
  readonly text: string;
}

/** A client got no whole answer here, or one that says the server failed. */
export const hasFailed = (hop: ProbedHop): boolean =>
  hop.problem !== undefined || (hop.answer !== undefined && hop.answer.status >= 500);

/** A whole answer below 500. */
export const isWell = (hop: ProbedHop): boolean =>
  hop.problem === undefined && hop.answer !== undefined && hop.answer.status < 500;
