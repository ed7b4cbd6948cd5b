import { describe, expect, test } from "vitest";
import { openApiDocument } from "../../../lab/api-server/openapi/document.ts";
import { readProtobuf } from "../../../lab/api-server/openapi/read-protobuf.ts";
import { definitions } from "../../../lab/api-server/openapi/schema.ts";
import { bytesOf, textOf, wireFields } from "../../../lab/api-server/openapi/wire.ts";
import { writeProtobuf } from "../../../lab/api-server/openapi/write-protobuf.ts";
import { read } from "../clusters.ts";
import { startWritable } from "./clusters.ts";

type Part = string | number | Buffer;

/** A field by hand: numbers up to 2^31 as varint, texts and messages (all shorter than 128 bytes) with their length. */
function field(number: number, value: Part): Buffer {
  const tag = (wireType: number): number[] => varint(number * 8 + wireType);
  if (typeof value === "number") return Buffer.from([...tag(0), ...varint(value)]);
  const body = Buffer.from(value);
  return Buffer.concat([Buffer.from([...tag(2), ...varint(body.length)]), body]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

const message = (...fields: readonly (readonly [number, Part])[]): Buffer =>
  Buffer.concat(fields.map(([number, value]) => field(number, value)));

const body = (apiVersion: string, kind: string, object: Buffer): Buffer =>
  Buffer.concat([Buffer.from("k8s\0"), message([1, message([1, apiVersion], [2, kind])], [2, object])]);

describe("objects in protobuf", () => {
  test("a pod with an inlined volume source, a map, zero values that JSON leaves out, a zero time", () => {
    const container = message(
      [1, "app"],
      [2, "shop:1"],
      [5, ""],
      [16, 0],
      [6, message([1, ""], [2, 0], [3, 8080])],
    );
    const volume = message([1, "v"], [2, message([2, message([1, ""])])]);
    const spec = message(
      [1, volume],
      [2, container],
      [3, "Never"],
      [4, 0],
      [7, message([1, "disk"], [2, "ssd"])],
    );
    // Seconds before the epoch: ten bytes, two's complement of -62135596800.
    const zeroTime = Buffer.from([0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 0x01]);
    const metadata = message([1, "p"], [2, ""], [8, zeroTime], [11, message([1, "app"], [2, "web"])]);
    expect(readProtobuf(body("v1", "Pod", message([1, metadata], [2, spec])))).toEqual({
      kind: "Pod",
      apiVersion: "v1",
      metadata: { name: "p", labels: { app: "web" } },
      spec: {
        volumes: [{ name: "v", emptyDir: {} }],
        containers: [{ name: "app", image: "shop:1", ports: [{ containerPort: 8080 }] }],
        restartPolicy: "Never",
        // A pointer in Go: zero is a value.
        terminationGracePeriodSeconds: 0,
        nodeSelector: { disk: "ssd" },
      },
    });
  });

  test("ports by number and by name, bytes, times", () => {
    const port = (target: Buffer) => message([3, 80], [4, target]);
    const byName = port(message([1, 1], [2, 0], [3, "http"]));
    const service = body(
      "v1",
      "Service",
      message([2, message([1, port(message([1, 0], [2, 8080]))], [1, byName])]),
    );
    expect(readProtobuf(service)["spec"]).toEqual({
      ports: [
        { port: 80, targetPort: 8080 },
        { port: 80, targetPort: "http" },
      ],
    });
    const secret = body("v1", "Secret", message([2, message([1, "k"], [2, Buffer.from([0, 255])])]));
    expect(readProtobuf(secret)["data"]).toEqual({ k: "AP8=" });
    const lease = message([1, "me"], [3, message([1, 1_000_000], [2, 5000])]);
    const leased = readProtobuf(body("coordination.k8s.io/v1", "Lease", message([2, lease])));
    expect(leased["spec"]).toEqual({ holderIdentity: "me", acquireTime: "1970-01-12T13:46:40.000005Z" });
  });

  test("what is cut, or of a kind that is not known, is a RangeError", () => {
    const whole = body("v1", "Pod", message([1, message([1, "p"])]));
    const results = Array.from({ length: whole.length }, (_, length) => {
      try {
        return readProtobuf(whole.subarray(0, length));
      } catch (error) {
        return error instanceof RangeError ? "refused" : error;
      }
    });
    // Cut between two fields it is a whole message, of a pod that says nothing.
    expect(results.filter((r) => r !== "refused")).toEqual([{ kind: "Pod", apiVersion: "v1" }]);
    expect(() => readProtobuf(body("v9", "Pod", Buffer.alloc(0)))).toThrow(RangeError);
  });
});

describe("the OpenAPI document", () => {
  test("is the same in JSON and in protobuf", async () => {
    const cluster = await startWritable();
    const json = JSON.parse((await read(cluster, "/openapi/v2")).text) as { definitions: object };
    expect(Object.keys(json.definitions)).toEqual(Object.keys(definitions()));
    const fields = wireFields(writeProtobuf(openApiDocument("v1.32.4")));
    expect(textOf(fields, 1)).toBe("2.0");
    const named = wireFields(bytesOf(fields.find((f) => f.number === 9) ?? { number: 9, value: 0 }));
    expect(named.map((f) => textOf(wireFields(bytesOf(f)), 1))).toEqual(Object.keys(definitions()));
  });
});
