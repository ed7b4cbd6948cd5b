import { describe, expect, it } from "vitest";
import { rolloutStartMs } from "../../src/causes/pod/rollout-start.ts";
import type { EventView, Workload } from "../../src/derive/views.ts";
import { ref } from "../../src/evidence/object-ref.ts";

const minute = 60_000;
const deployment = ref("Deployment", "cart", "shop");

const createdAt = (createdMs: number): Workload =>
  ({
    ref: deployment,
    revisions: [{ ref: ref("ReplicaSet", "cart-new", "shop"), createdMs }],
  }) as unknown as Workload;

const down = (lastMs: number, set = "cart-old", about = deployment): EventView =>
  ({ about, lastMs, message: `Scaled down replica set ${set} from 3 to 0` }) as EventView;

describe("when a rollout began", () => {
  it("is when the old pods were told to go, not when the new ReplicaSet came after them", () => {
    expect(rolloutStartMs(createdAt(10 * minute), [down(9 * minute)])).toBe(9 * minute);
  });

  it("is the new ReplicaSet where it came first", () => {
    expect(rolloutStartMs(createdAt(10 * minute), [down(11 * minute)])).toBe(10 * minute);
  });

  it("is the event where the rollout went back to an old ReplicaSet", () => {
    expect(rolloutStartMs(createdAt(10 * minute), [down(90 * minute)])).toBe(90 * minute);
  });

  it("is not that of the rollout before, nor of another Deployment or of the new pods themselves", () => {
    const others = [
      down(20 * minute),
      down(99 * minute, "cart-old", ref("Deployment", "cart", "test")),
      down(99 * minute, "cart-new"),
    ];
    expect(rolloutStartMs(createdAt(100 * minute), others)).toBe(100 * minute);
  });
});
