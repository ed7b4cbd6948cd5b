import { describe, expect, it } from "vitest";
import { lacks } from "../../support/programs.ts";
import { inside, needed } from "./inside.ts";
import type { betweenPods, cutsByName, leftovers, ownView } from "./stage.ts";

const stage = new URL("stage.ts", import.meta.url).href;

describe.skipIf(lacks("the lab's network", ...needed))("pods on the lab's network", () => {
  it("hear, refuse, lose packets and vanish as real pods do", () => {
    const seen = inside<Awaited<ReturnType<typeof betweenPods>>>(stage, "betweenPods");
    expect(seen).toEqual({
      heard: "shop/cart to 10.42.250.7",
      refused: "ECONNREFUSED",
      cut: "hangs",
      mended: "shop/cart to 10.42.250.7",
      isolated: "hangs",
      isolatedOwnLoopback: "ECONNREFUSED",
      isolatedOut: "hangs",
      rejoined: "shop/cart to 10.42.250.7",
      nobodysAddress: "EHOSTUNREACH",
      outsideThePlan: "hangs",
      detachedSoon: "hangs",
      detachedLater: "EHOSTUNREACH",
    });
  });

  it("see their own name, resolver and folder, and get signals themselves", () => {
    expect(inside<Awaited<ReturnType<typeof ownView>>>(stage, "ownView")).toEqual({
      folder: "/usr",
      name: "cart",
      resolver: expect.stringMatching(/^search shop\.svc\.cluster\.local .*\nnameserver 10\.96\.0\.10\n/),
      missing: expect.stringContaining("no-such-program"),
      missingCode: 127,
      signal: "SIGTERM",
    });
  });

  it("are cut by name whenever they come, by range, and from the root namespace", () => {
    expect(inside<Awaited<ReturnType<typeof cutsByName>>>(stage, "cutsByName")).toEqual({
      heldBack: "hangs",
      undone: "shop/cart to 10.42.250.7",
      range: "hangs",
      service: "ECONNREFUSED",
      cutService: "hangs",
    });
  });

  it("leave no device, no process and no folder behind", () => {
    expect(inside<Awaited<ReturnType<typeof leftovers>>>(stage, "leftovers")).toEqual({
      folderIsThere: false,
      devices: ["lo"],
      sleeping: [],
    });
  });
});
