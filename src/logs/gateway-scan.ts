import type { Bucket } from "./bucket.ts";
import type { HittersData } from "./scan/heavy-hitters.ts";
import type {
  FailureClass,
  GatewaySignal,
  GatewaySignalKind,
  LoggedRequest,
  LogHop,
  Origin,
  Share,
} from "./traffic.ts";

/** Everything that the gateway's logs of one evidence say, read once. */
export interface GatewayScan {
  readonly lines: LineCounts;
  /** Lines of each format. */
  readonly formats: Readonly<Record<string, number>>;
  /** First and last moment in any line; both the moment of collection when there is none. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly hasErrorLog: boolean;
  /** Of the innermost station that logged: a request that two stations logged counts once. */
  readonly totals: ScanTotals;
  /** Each station that logged requests, from the inside out; several see the same requests. */
  readonly stations?: readonly StationCounts[];
  /** Sorted by upstream name, host and template. */
  readonly buckets: readonly Bucket[];
  /** Width of the buckets' bins. */
  readonly binWidthMs: number;
  /** Requests and failed requests of the most frequent clients, by upstream name. */
  readonly clients: ReadonlyMap<string, { readonly requests: HittersData; readonly failed: HittersData }>;
  /** Failed, masked and aborted requests in order of end, each with the bucket it was counted in. */
  readonly kept: readonly KeptRequest[];
  /** Error-log lines that name a failure and fit no access line that was read. */
  readonly unjoined: UnjoinedErrors;
  readonly signals: readonly GatewaySignal[];
  /** All of them, also those that `signals` left out. */
  readonly signalCounts: Partial<Record<GatewaySignalKind, number>>;
  /** Requests of the whole gateway, per upstream name. */
  readonly gatewayTraffic: GatewayTraffic;
  /** Said when `kept` is a sample, by upstream name. */
  readonly cut: ReadonlyMap<string, string>;
  /** Lines or streams that could not be used, in words. */
  readonly losses: readonly string[];
  /** The first lines that fit no format, at most three, cut at 2,000 characters. */
  readonly unrecognised?: readonly { readonly line: string; readonly stream: string }[];
  /** All requests in bins of equal width (1 s to 1 h, at most 4,096), those without a request included. */
  readonly series?: ScanSeries;
}

export interface ScanSeries {
  readonly fromMs: number;
  readonly widthMs: number;
  readonly requests: readonly number[];
  /** Failed requests by status as written ("502", "009"), each as long as `requests`. */
  readonly failedByStatus: Readonly<Record<string, readonly number[]>>;
}

export interface StationCounts extends Share {
  /** Absent: the gateway in the cluster. */
  readonly hop?: LogHop;
  readonly byStatus: Readonly<Record<string, number>>;
}

interface LineCounts {
  readonly total: number;
  readonly access: number;
  readonly error: number;
  /** Lines that are known and neither: the controller's own. */
  readonly other: number;
  readonly unrecognised: number;
  /** Lines captured a second time in another stream of the same pod; in no other count. */
  readonly repeated: number;
}

interface ScanTotals {
  readonly requests: number;
  readonly failed: number;
  readonly masked: number;
  readonly aborted: number;
  readonly attempts: number;
  readonly failedAttempts: number;
  /** Failed attempts, and failed requests that no attempt was made for. */
  readonly byClass: Partial<Record<FailureClass, number>>;
  /** Who minted the 502, 503 and 504. */
  readonly byOrigin: Partial<Record<Origin, number>>;
}

export interface KeptRequest {
  readonly bucket: Bucket;
  readonly outcome: "failed" | "masked" | "aborted";
  readonly request: LoggedRequest;
}

export interface UnjoinedErrors {
  readonly count: number;
  readonly byClass: Partial<Record<FailureClass, number>>;
  /** The first and last few. */
  readonly samples: readonly {
    readonly timeMs: number;
    readonly failure: FailureClass;
    readonly address?: string;
    readonly host?: string;
    readonly message: string;
  }[];
}

export interface GatewayTraffic {
  readonly requests: number;
  readonly failed: number;
  readonly routes: readonly {
    readonly upstreamName: string;
    readonly requests: number;
    readonly failed: number;
  }[];
}
