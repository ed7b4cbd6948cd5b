import { type Answer, jsonAnswer } from "../answer.ts";
import type { Cluster } from "../cluster.ts";
import { openApiDocument } from "./document.ts";
import { writeProtobuf } from "./write-protobuf.ts";

/** How kubectl asks for the document, and how it is labelled: "@" is no letter of a media type. */
const askedType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
const protobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/** /openapi/v2, which kubectl validates and patches by; undefined for other paths and read-only clusters. */
export function openApi(cluster: Cluster, path: string, accept: string): Answer | undefined {
  if (path !== "/openapi/v2" || cluster.writes === undefined) return undefined;
  const document = openApiDocument(cluster.settings.version);
  if (!accept.includes(askedType) && !accept.includes(protobufType)) return jsonAnswer(document);
  return { code: 200, contentType: protobufType, body: [writeProtobuf(document)] };
}
