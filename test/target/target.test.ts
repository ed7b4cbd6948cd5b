import { describe, expect, it } from "vitest";
import { BadTarget, parseTarget } from "../../src/target/target.ts";

describe("parseTarget", () => {
  it.each([
    ["https://API.example.com:8443/orders?x=1#y", "api.example.com", "/orders"],
    ["shop.example.com/cart", "shop.example.com", "/cart"],
    ["shop.example.com", "shop.example.com", "/"],
    ["localhost:8080/x", "localhost", "/x"],
    ["services.example.com/a", "services.example.com", "/a"],
  ])("reads %s as a host and a path", (text, host, path) => {
    expect(parseTarget(text)).toEqual({ kind: "url", text, host, path });
  });

  it.each([
    ["ingress/web", "ingress"],
    ["ing/web", "ingress"],
    ["svc/web", "service"],
    ["service/web", "service"],
    ["httproute/web", "httproute"],
  ])("reads %s as an object", (text, resource) => {
    expect(parseTarget(text, "shop")).toEqual({
      kind: "object",
      text,
      resource,
      name: "web",
      namespace: "shop",
    });
  });

  it("reads nothing as every route in scope", () => {
    expect(parseTarget(undefined)).toEqual({ kind: "all" });
    expect(parseTarget("", "shop")).toEqual({ kind: "all", namespace: "shop" });
  });

  it.each(["ftp://x/y", "http://", "service/Bad Name", "ingress/..", "http://[::1"])(
    "refuses %s and says what it takes",
    (text) => {
      expect(() => parseTarget(text)).toThrow(BadTarget);
      expect(() => parseTarget(text)).toThrow(/(ingress|service)\/NAME/);
    },
  );

  it("does not take an object name for a prototype property", () => {
    expect(parseTarget("constructor/x")).toMatchObject({ kind: "url", host: "constructor" });
  });
});
