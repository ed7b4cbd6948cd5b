import { describe, expect, it } from "vitest";
import { lacks } from "../../support/programs.ts";
import { inside, needed } from "./inside.ts";
import type { disturbances } from "./wire-stage.ts";

const stage = new URL("wire-stage.ts", import.meta.url).href;
const whole = (bytes: number): object => ({ bytes, isWhole: true, ms: expect.any(Number) });

describe.skipIf(lacks("faulty wires of the lab", ...needed, ["python3", "-V"]))("a faulty wire", () => {
  it("delays, loses, resets and forgets", () => {
    const seen = inside<Awaited<ReturnType<typeof disturbances>>>(stage, "disturbances");
    const { delayed, againMs, ...rest } = seen;
    expect(rest).toEqual({
      mended: [whole(3_000_000), whole(3_000_000)],
      bigThrough: [whole(3_000_000), whole(3_000_000)],
      refusedByFirewall: [{ error: "ECONNREFUSED" }, { error: "ECONNREFUSED" }],
      cutShort: [{ error: "ECONNRESET" }, { error: "ECONNRESET" }],
      forgottenSilently: [whole(2), { error: "timeout" }],
      forgottenLoudly: [whole(2), { error: "ECONNRESET" }],
      allLost: [{ error: "timeout" }, { error: "timeout" }],
      again: "shop/cart to 10.42.250.7",
    });
    // There and back for the handshake and for the request; then for the request alone.
    expect(delayed).toEqual([whole(2), whole(2)]);
    const [first, second] = (delayed as { ms: number }[]).map(({ ms }) => ms);
    expect(first).toBeGreaterThanOrEqual(200);
    expect(second).toBeGreaterThanOrEqual(100);
    expect(againMs).toBeGreaterThanOrEqual(60);
  });
});
