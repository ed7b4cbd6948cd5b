import { type Answer, jsonAnswer } from "../answer.ts";
import type { Cluster } from "../cluster.ts";
import { openApiDocument } from "./document.ts";
import { protobufType, writeProtobuf } from "./protobuf.ts";

/** /openapi/v2, which kubectl validates and patches by; undefined for other paths and read-only clusters. */
export function openApi(cluster: Cluster, path: string, accept: string): Answer | undefined {
  if (path !== "/openapi/v2" || cluster.writes === undefined) return undefined;
  const document = openApiDocument(cluster.settings.version);
  if (!accept.includes(protobufType)) return jsonAnswer(document);
  return { code: 200, contentType: protobufType, body: [writeProtobuf(document)] };
}
