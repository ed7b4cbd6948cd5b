import { describe, expect, it } from "vitest";
import type { Judgement } from "../../src/causes/define-cause.ts";
import { readinessProbeMissingOrLenient } from "../../src/causes/pod/readiness-probe-missing-or-lenient.ts";
import type { PodView } from "../../src/derive/views.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { unknown } from "../../src/evidence/observed.ts";
import type { AddressStats, LoggedRequest } from "../../src/logs/traffic.ts";
import { request, traffic } from "./traffic.ts";

const second = 1000;
const ips = ["10.42.1.5", "10.42.2.5"];

/** Ready as soon as its port is open. */
const pod = (ip: string, startedS: number): PodView =>
  ({
    ref: ref("Pod", `cart-${ip}`, "shop"),
    ips: [ip],
    phase: "Running",
    ready: true,
    owner: ref("Deployment", "cart", "shop"),
    targetPort: 8080,
    containers: [
      {
        name: "app",
        role: "main",
        startedMs: startedS * second,
        spec: { name: "app", readinessProbe: { tcpSocket: { port: 8080 } } },
      },
    ],
  }) as unknown as PodView;

interface Told {
  /** Seconds at which requests to that pod failed. */
  readonly failedAtS: readonly number[];
  readonly servedS?: readonly [number, number];
}

function statsOf({ failedAtS, servedS }: Told): AddressStats {
  return {
    attempts: failedAtS.length + (servedS === undefined ? 0 : 100),
    failed: failedAtS.length,
    byClass: {},
    firstSeenMs: 0,
    lastSeenMs: 0,
    lastSentMs: 0,
    ...(servedS === undefined
      ? {}
      : { firstSuccessMs: servedS[0] * second, lastSuccessMs: servedS[1] * second }),
    ...(failedAtS.length === 0
      ? {}
      : { firstFailureMs: failedAtS[0]! * second, lastFailureMs: failedAtS.at(-1)! * second }),
  };
}

/** What the two pods did, both started at that second. */
function judged(startedS: number, ...pods: readonly [Told, Told]): Judgement {
  const failures = pods.flatMap(({ failedAtS }, i): LoggedRequest[] =>
    failedAtS.map((s) =>
      request({
        endMs: s * second,
        attempts: [{ address: `${ips[i]}:8080`, failure: "response-timeout" }],
      }),
    ),
  );
  return readinessProbeMissingOrLenient.weigh({
    pods: ips.map((ip) => pod(ip, startedS)),
    traffic: traffic({
      failures,
      addresses: new Map(pods.map((told, i) => [`${ips[i]}:8080`, statsOf(told)])),
    }),
    patterns: unknown("gateway-log", "not looked at"),
  } as never);
}

const seconds = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("pods that count as ready when their port is open", () => {
  it("keep their requests when one of them stands still after it has served", () => {
    const found = judged(
      -9000,
      { failedAtS: seconds(60, 90), servedS: [0, 58] },
      { failedAtS: [], servedS: [0, 90] },
    );
    expect(found).toMatchObject({ state: "supported" });
    expect(found.clues.map((clue) => clue.text)).toContainEqual(
      expect.stringContaining("has not served since"),
    );
  });

  it("are not accused of one that fails and serves by turns", () => {
    const found = judged(
      -9000,
      { failedAtS: seconds(60, 90), servedS: [0, 89] },
      { failedAtS: [], servedS: [0, 90] },
    );
    expect(found.state).toBe("refuted");
  });

  it("leave it open why all of them stand still", () => {
    const stuck: Told = { failedAtS: seconds(60, 90), servedS: [0, 58] };
    expect(judged(-9000, stuck, stuck).state).toBe("undecided");
  });

  it("get requests before they can answer any", () => {
    const cold: Told = { failedAtS: seconds(2, 9), servedS: [10, 90] };
    expect(judged(0, cold, cold).state).toBe("supported");
  });

  it("are not accused of what fails among answers, however young they are", () => {
    const mixed: Told = { failedAtS: seconds(20, 40), servedS: [1, 90] };
    expect(judged(0, mixed, mixed).state).toBe("refuted");
  });
});

describe("the path that a readiness probe is told to ask", () => {
  it("is one that was answered below 400, however often others were asked", () => {
    const failures = seconds(1, 10).map((s): LoggedRequest =>
      request({
        endMs: s * second,
        attempts: [{ address: `${ips[0]}:8080`, failure: "response-timeout" }],
      }),
    );
    const answered = { requests: 20, failed: 0 };
    const found = readinessProbeMissingOrLenient.weigh({
      pods: ips.map((ip) => pod(ip, -9000)),
      traffic: traffic({
        failures,
        addresses: new Map([
          [`${ips[0]}:8080`, statsOf({ failedAtS: seconds(1, 10) })],
          [`${ips[1]}:8080`, statsOf({ failedAtS: [], servedS: [0, 20] })],
        ]),
        paths: [
          { template: "/wp-login.php", requests: 900, failed: 0 },
          { template: "/cart", ...answered, successDurations: { count: 20, bins: undefined, maxMs: 9 } },
        ],
      }),
      patterns: unknown("gateway-log", "not looked at"),
    } as never);
    expect("fixes" in found && found.fixes[0]?.title).toContain("(/cart on port 8080");
  });
});
