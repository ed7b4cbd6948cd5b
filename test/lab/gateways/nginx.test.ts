import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { missingForNginx } from "../../../lab/gateways/nginx/requirements.ts";
import { inside, needed } from "../network/inside.ts";
import { lacks } from "../../support/programs.ts";

const stage = fileURLToPath(new URL("nginx-stage.ts", import.meta.url));
const run = (name: string): Record<string, unknown> => inside(stage, name);
const cannot = missingForNginx() !== undefined || lacks("the nginx gateway", ...needed);

describe.skipIf(cannot)("the nginx gateway", () => {
  it("follows endpoints without a reload and ends in order", () => {
    const { log, ...seen } = run("changingEndpoints");
    expect(seen).toEqual({
      both: ["cart-1", "cart-2"],
      rest: ["cart-2"],
      none: 503,
      noneLines: ['503 190 "-" "-" 70 T [shop-cart-80] [] - - - - ID'],
      unknownHost: 404,
      code: 0,
      reloads: 1,
      events: ["RELOAD", "Sync"],
    });
    expect(log).toMatch(
      /^W\d{4} [\d:.]{15} {7}7 controller\.go:1241\] Service "shop\/cart" does not have any active Endpoint\.$/m,
    );
    expect(log).toMatch(
      /"Received SIGTERM, shutting down"[^]*"NGINX process has stopped"[^]*"Exiting" code="0"/,
    );
  });

  it("does with requests what the annotations say", () => {
    const { seen, log } = run("annotations") as { seen: Record<string, string[]>; log: string };
    const one = (path: string): string => seen[path]!.join("\n");
    expect(one("/slow")).toBe('504 160 "-" "-" 65 T [shop-slow-80] [] 10.42.1.7:8080 0 T 504 ID');
    expect(one("/down")).toContain(
      "10.42.1.5:9999, 10.42.1.5:9999, 10.42.1.5:9999 0, 0, 0 T, T, T 502, 502, 502",
    );
    expect(one("/vanished")).toMatch(/^504 .* 10\.42\.1\.99:8080, 10\.42\.1\.99:8080 .* 504, 504 ID$/);
    for (const path of ["/missing", "/wrong-port", "/snippet", "/gone-dns"])
      expect(one(path)).toMatch(/^503 .* \[\] - - - - ID$/);
    expect(one("/big")).toMatch(/^502 .* \[shop-big-80\]/);
    expect(one("/errors")).toMatch(
      /^404 .* \[upstream-default-backend\] \[\] 10\.42\.1\.10:8080 : 127\.0\.0\.1:8181 .* 503 : 404 ID$/,
    );
    expect(one("/outside")).toMatch(/^200 .* 10\.96\.7\.1:80 6 T 200 ID$/);
    expect(one("/tls")).toMatch(/^502 /);
    expect(one("/cart")).toMatch(/^200 .* \[shop-cart-80\] \[shop-canary-80\] 10\.42\.1\.8:8080/);
    expect(seen["/limited"]!.map((line) => line.slice(0, 3)).toSorted()).toEqual([
      "200",
      "200",
      "200",
      "503",
      "503",
      "503",
    ]);
    for (const words of [
      'Error obtaining Endpoints for Service "shop/missing": no object matching key "shop/missing" in local store',
      "upstream sent too big header while reading response header from upstream",
      "failed to query the DNS server for gone.example.com:\nserver returned error code: 3: name error",
      "SSL_do_handshake() failed",
    ])
      expect(log).toContain(words);
    expect(log).toMatch(/limiting requests, excess: [23]\.\d{3} by zone "shop_limited_uid-limited_rpm"/);
    expect(log).not.toContain("[emerg]");
  });

  it("reloads for a new path, and keeps what runs when nginx refuses the new configuration", () => {
    const { log, ...seen } = run("reloads");
    expect(seen).toMatchObject({ before: 404, after: 200, still: 200, warnings: ["RELOAD"] });
    expect(seen["refusal"]).toMatch(/\[emerg\].* in \/tmp\/nginx\/nginx-cfg\.test:\d+$/);
    expect(log).toContain("Unexpected failure reloading the backend:");
  });

  it("sends requests where the annotations say, and sees only what its feed tells", () => {
    const { log, ...seen } = run("destinations");
    expect(seen).toEqual({
      vhost: "inner.example.com /vhost",
      fallback: "code 503",
      sticky: 1,
      held: ["cart-1", "cart-2"],
      rewritten: "api.example.com /v1/items",
      clustered: "cart-2",
      clusteredLine: '200 6 "-" "-" 70 T [shop-clustered-80] [] 10.96.7.2:80 6 T 200 ID',
    });
    expect(log).not.toContain("[error]");
  });

  it("runs out of connections when its ConfigMap allows few", () => {
    const { line, statuses, log } = run("fewConnections");
    expect(line).toMatch(/^\S+ \S+ \[alert\] \d+#\d+: (?:\*\d+ )?20 worker_connections are not enough/);
    expect(statuses).toEqual(["200", "none"]);
    expect(log).not.toContain(process.cwd());
  });

  it("is a Deployment whose pods the kubelet runs", () => {
    const { first, second, status, log } = inside<Record<string, string>>(
      stage.replace("nginx-stage", "installed-stage"),
      "installed",
    );
    expect(first).not.toBe(second);
    expect(status).toBe(404);
    expect(log).toMatch(/^\S+Z I\d{4} .*"Backend successfully reloaded"$/m);
  });
});
