import { describe, expect, test } from "vitest";
import { get, list } from "../../src/evidence/evidence.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { onDisk } from "./disk.ts";
import { asked, date, describePod, getPods, read } from "./session.ts";
import * as texts from "./transcript-text.ts";

describe("times", () => {
  test("ages are counted from when each command ran, not from the end", async () => {
    // The pod started 10:28:20 and was scheduled 100 s before it was described: that was at 10:30:00.
    const evidence = await read(asked(getPods, describePod, ["sleep 60", ""], date));
    const event = evidence.objects.events?.find((one) => one.reason === "BackOff");
    expect(event).toMatchObject({
      count: 5,
      firstTimestamp: "2026-11-18T10:29:00Z",
      lastTimestamp: "2026-11-18T10:29:50Z",
      message: "Back-off restarting failed container",
      involvedObject: {
        kind: "Pod",
        namespace: "store",
        name: "web-5d9c7b6f4-k2x7p",
        fieldPath: "spec.containers{web}",
      },
      source: { component: "kubelet" },
    });
    expect(get(evidence, "pods", "web-5d9c7b6f4-k2x7p", "store")).toMatchObject({
      value: { metadata: { creationTimestamp: "2026-11-18T10:28:20Z" } },
    });
    expect(evidence.collectedAt).toBe("2026-11-18T10:31:00.000Z");
  });

  test("without date, a node's lease tells; without anything, ages still count from one moment", async () => {
    const node = await read(asked(["kubectl describe node node-a", texts.nodeText], getPods));
    expect(node.collectedAt).toBe("2026-11-18T10:30:15.000Z");
    const bare = await read(asked(getPods));
    expect(bare.collectedAt).toBe("2000-01-01T00:00:00.000Z");
    expect(bare.losses).toContainEqual(expect.objectContaining({ what: "moment of collection" }));
    expect(bare.objects.pods?.[1]?.metadata?.creationTimestamp).toBe("1999-12-29T21:00:00Z");
  });

  test.each([
    ["Wed Nov 18 10:31:00 UTC 2026", "2026-11-18T10:31:00.000Z"],
    ["Wed, 18 Nov 2026 11:31:00 +0100", "2026-11-18T10:31:00.000Z"],
    ["2026-11-18 11:31:00+01:00", "2026-11-18T10:31:00.000Z"],
    ["2026-11-18T10:31:00Z", "2026-11-18T10:31:00.000Z"],
  ])("date prints %s", async (output, expected) => {
    expect((await read(asked(getPods, ["date", output]))).collectedAt).toBe(expected);
  });
});

describe("events", () => {
  const table = `LAST SEEN   TYPE      REASON      OBJECT                    MESSAGE
10s         Warning   BackOff     pod/web-5d9c7b6f4-k2x7p   Back-off restarting failed container
3m20s       Normal    Scheduled   pod/web-5d9c7b6f4-k2x7p   Successfully assigned store/web-5d9c7b6f4-k2x7p to node-a
<unknown>   Normal    Odd         pod/web-5d9c7b6f4-k2x7p   when
9m          Normal    NodeReady   node/node-a               Node node-a status is now: NodeReady
`;

  test("a table of events is whole", async () => {
    const evidence = await read(asked(["kubectl get events -n store", table], date));
    expect(list(evidence, "events", "store")).toMatchObject({
      state: "present",
      value: [{ reason: "BackOff" }, { reason: "Scheduled" }],
    });
    expect(evidence.coverage).toContainEqual({ resource: "events", namespace: "store", extent: "whole" });
    expect(evidence.objects.events?.find((event) => event.reason === "NodeReady")).toMatchObject({
      metadata: { namespace: "default" },
      involvedObject: { kind: "Node", name: "node-a" },
      lastTimestamp: "2026-11-18T10:22:00Z",
    });
  });

  test("its tail without titles is part of it, and an event seen twice counts once", async () => {
    const tail = table.split("\n").slice(1, 3).join("\n");
    const evidence = await read(
      asked(describePod, ["kubectl get events -n store --sort-by='.lastTimestamp' | tail -n 2", tail], date),
    );
    expect(evidence.objects.events).toHaveLength(2);
    expect(evidence.coverage).toContainEqual({
      resource: "events",
      namespace: "store",
      extent: "selected",
      names: [],
    });
  });
});

test("logs that were printed, and logs beside the transcript", async () => {
  const evidence = await openSource(
    onDisk({
      "transcript.txt": asked(
        describePod,
        ["kubectl logs web-5d9c7b6f4-k2x7p -n store --previous", "fatal: out of memory"],
        [
          "kubectl logs -n store pod/web-0 -c app",
          'Error from server (BadRequest): container "app" in pod "web-0" is waiting to start',
        ],
        date,
      ),
      "logs/store/web-5d9c7b6f4-k2x7p/web.log": "2026-11-18T10:30:00Z up\n",
    }),
  );
  const seen = evidence.logs.map((log) => [
    log.pod,
    log.container,
    log.previous ?? false,
    log.reason ?? Buffer.from(log.bytes ?? []).toString(),
  ]);
  expect(seen).toEqual([
    ["web-0", "app", false, expect.stringContaining("waiting to start")],
    ["web-5d9c7b6f4-k2x7p", "web", false, "2026-11-18T10:30:00Z up\n"],
    ["web-5d9c7b6f4-k2x7p", "web", true, "fatal: out of memory\n"],
  ]);
});

test("what other commands printed is kept beside the objects", async () => {
  const evidence = await openSource(
    onDisk({
      "transcript.txt": asked(getPods, date),
      "shell.txt": asked(
        ["ssh node-a systemctl status kubelet", "● kubelet.service\n     Active: inactive (dead)"],
        ["nc -zv web.store 80", "Connection Failed"],
      ),
    }),
  );
  expect(evidence.commands).toEqual([
    {
      command: "ssh node-a systemctl status kubelet",
      output: "● kubelet.service\n     Active: inactive (dead)",
    },
    { command: "nc -zv web.store 80", output: "Connection Failed" },
  ]);
});
