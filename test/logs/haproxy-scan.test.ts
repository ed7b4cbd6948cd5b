import { expect, test } from "vitest";
import { events } from "./samples/haproxy.ts";
import { id, samples, unresolvedError } from "./samples/kong.ts";
import { onlyRequest, scanText } from "./log-text.ts";

test("what HAProxy says of its servers is a signal, what it says of itself is known", () => {
  const scan = scanText(Object.values(events).join("\n"));
  expect(scan.lines.unrecognised).toBe(0);
  expect(scan.lines.other).toBe(Object.keys(events).length);
  expect(scan.formats).toEqual({ "gateway-event": Object.keys(events).length });
  expect(scan.signalCounts).toEqual({
    descriptors: 1,
    "no-local-port": 1,
    "no-server": 2,
    reload: 1,
    "reload-failed": 1,
    "server-down": 5,
    "server-up": 2,
    started: 1,
  });
  expect(scan.signals.filter(({ kind }) => kind === "no-server").map(({ about }) => about)).toEqual([
    "static",
    "shop/web",
  ]);
});

test("a Lua stack trace below an error is known", () => {
  const trace = [
    "2026/11/20 14:47:01 [error] 31#31: *5 lua entry thread aborted: runtime error: access.lua:5: boom",
    "stack traceback:",
    "coroutine 0:",
    "\t/usr/local/share/lua/5.1/access.lua:5: in function <access.lua:1>",
    "\t[C]: in function 'xpcall'",
  ];
  const scan = scanText(trace.join("\n"));
  expect(scan.lines).toMatchObject({ error: 1, other: 4, unrecognised: 0 });
});

const unresolved = samples.unresolved;
const other = "0".repeat(32);

test("an error line is of the request whose id it carries, not of a twin", () => {
  const twin = unresolved.replaceAll(id, other);
  const scan = scanText([twin, unresolvedError, unresolved].join("\n"));
  const messageOf = (requestId: string) =>
    scan.kept.find(({ request }) => request.requestId === requestId)?.request.message;
  expect(messageOf(id)).toMatch(/DNS resolution failed/);
  expect(messageOf(other)).toBe("name resolution failed");
  expect(scan.unjoined.count).toBe(0);
});

test("an error line of another id is joined to no request", () => {
  const scan = scanText([unresolved.replaceAll(id, other), unresolvedError].join("\n"));
  expect(onlyRequest(scan)).toMatchObject({ failure: "no-endpoint", origin: "gateway" });
  expect(onlyRequest(scan).message).toBe("name resolution failed");
  expect(scan.unjoined.count).toBe(1);
});
