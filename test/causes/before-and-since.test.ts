import { describe, expect, it } from "vitest";
import { beforeAndSince } from "../../src/causes/pod/before-and-since.ts";
import type { DepartedPod, PodView } from "../../src/derive/views.ts";
import type { LoggedRequest, Traffic } from "../../src/logs/traffic.ts";
import { request, traffic } from "./traffic.ts";

const second = 1000;
const pod = (createdS: number): PodView =>
  ({ createdMs: createdS * second, ips: ["10.42.1.5"] }) as unknown as PodView;
const gone = (stoppedS?: number): DepartedPod =>
  (stoppedS === undefined ? {} : { stoppedMs: stoppedS * second }) as unknown as DepartedPod;

/** Two requests a second, one of the two failing in these seconds, at a slot of HAProxy's. */
function slots(failing: (atS: number) => boolean, address = "shop_cart_http/srv001", lengthS = 60): Traffic {
  const failures = Array.from({ length: lengthS }, (_, s) => s)
    .filter(failing)
    .map((s): LoggedRequest =>
      request({
        endMs: s * second + 500,
        attempts: [{ address, failure: "closed-before-header" }],
      }),
    );
  const failed = Array.from({ length: lengthS }, (_, s) => (failing(s) ? 1 : 0));
  const requests = Array.from({ length: lengthS }, () => 2);
  return {
    ...traffic({ failures }),
    toMs: lengthS * second,
    bins: { fromMs: 0, widthMs: second, requests, failed },
  };
}

describe("a log of slots, parted by a rollout", () => {
  const fresh = [pod(20)];
  const old = [gone(22), gone(24)];

  it("shows a revision that fails from its pods on", () => {
    const parted = beforeAndSince(
      fresh,
      [],
      old,
      slots((s) => s >= 20),
    );
    expect(parted).toMatchObject({
      before: { requests: 40, failed: 0 },
      since: { requests: 62, failed: 31 },
      firstMs: 20 * second,
    });
  });

  it("does not blame it for what failed before as well", () => {
    expect(
      beforeAndSince(
        fresh,
        [],
        old,
        slots(() => true),
      ),
    ).toBeUndefined();
  });

  it("does not blame it for failures that end with the rollout", () => {
    expect(
      beforeAndSince(
        fresh,
        [],
        old,
        slots((s) => s >= 18 && s < 28),
      ),
    ).toBeUndefined();
  });

  it("does not blame it for an episode soon after", () => {
    expect(
      beforeAndSince(
        fresh,
        [],
        old,
        slots((s) => s >= 20 && s < 40),
      ),
    ).toBeUndefined();
  });

  it("does not blame it for what begins to fail long after", () => {
    expect(
      beforeAndSince(
        fresh,
        [],
        old,
        slots((s) => s >= 200, "shop_cart_http/srv001", 600),
      ),
    ).toBeUndefined();
  });

  it("says nothing while an older pod may serve", () => {
    expect(
      beforeAndSince(
        fresh,
        [],
        [gone(22), gone()],
        slots((s) => s >= 20),
      ),
    ).toBeUndefined();
  });

  it("leaves it to the addresses where the log has them", () => {
    expect(
      beforeAndSince(
        fresh,
        [],
        old,
        slots((s) => s >= 20, "10.42.1.5:8080"),
      ),
    ).toBeUndefined();
  });
});
