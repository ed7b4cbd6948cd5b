import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { missingForHaproxy } from "../../../lab/gateways/haproxy/requirements.ts";
import { changesFor, layOut, refill } from "../../../lab/gateways/haproxy/slots.ts";
import { lacks } from "../../support/programs.ts";
import { inside, needed } from "../network/inside.ts";

const stage = fileURLToPath(new URL("haproxy-stage.ts", import.meta.url));
const cannot = missingForHaproxy() !== undefined || lacks("the HAProxy gateway", ...needed);
const [a, b, c] = ["10.42.1.5", "10.42.1.6", "10.42.1.7"].map((address) => ({ address, port: 8080 }));

describe("slots of servers", () => {
  it("keep the endpoints they have, and take others by the runtime API", () => {
    const before = layOut([a!, b!], undefined);
    expect(before.endpoints).toEqual([a, b, ...Array.from({ length: 6 }, () => undefined)]);
    const after = refill([b!, c!], before)!;
    expect(after.endpoints.slice(0, 3)).toEqual([c, b, undefined]);
    expect(changesFor("shop_cart_8080", before, after)).toEqual([
      {
        commands: [
          "set server shop_cart_8080/srv001 addr 10.42.1.7 port 8080",
          "set server shop_cart_8080/srv001 weight 1",
          "set server shop_cart_8080/srv001 state ready",
        ],
        said: "updated endpoint '10.42.1.7:8080' weight '1' on backend/server 'shop_cart_8080/srv001'",
      },
    ]);
  });

  it("that lose their endpoint are put into maintenance", () => {
    const before = layOut([a!], undefined);
    expect(changesFor("x", before, refill([], before)!)).toEqual([
      {
        commands: ["set server x/srv001 state maint"],
        said: "disabled endpoint '10.42.1.5:8080' weight '1' on backend/server 'x/srv001'",
      },
    ]);
  });

  it("do not suffice for more endpoints than there are slots", () => {
    const many = Array.from({ length: 9 }, (_, n) => ({ address: `10.42.2.${n}`, port: 80 }));
    expect(refill(many, layOut([a!], undefined))).toBeUndefined();
  });
});

describe.skipIf(cannot)("the HAProxy gateway", () => {
  it("answers, logs and follows endpoints without a reload", () => {
    const { seen, moved, code, log } = inside<{
      seen: Record<string, string[]>;
      moved: string;
      code: number;
      log: string;
    }>(stage, "routes");
    expect(seen["/slow"]![0]).toMatch(/^_front_http shop_slow_8080\/srv001 T 504 \d+ - - sH-- /);
    expect(seen["/down"]![0]).toMatch(/^_front_http shop_down_8080\/\S+ T 503 \d+ - - SC-- /);
    expect(seen["/empty"]![0]).toMatch(/^_front_http shop_empty_8080\/<NOSRV> T 503 \d+ - - SC-- /);
    expect(seen["/missing"]![0]).toMatch(/^_front_http _error404\/<NOSRV> T 404 /);
    expect(seen["/cart/x"]![0]).toMatch(/^_front_http shop_cart_8080\/srv001 T 200 \d+ - - ---- /);
    expect(moved).toBe("cart-2");
    expect(log.match(/successfully reloaded/g)).toHaveLength(1);
    expect(log).toContain("haproxy updated without needing to reload. Commands sent: 3");
    expect(code).toBe(0);
  });
});
