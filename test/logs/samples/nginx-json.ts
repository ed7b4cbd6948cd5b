/** Composed: `log-format-upstream` in JSON, with names as they are found in the field. */
export const lines: readonly string[] = [
  '{"ts":"2026-11-20T14:47:01+00:00","method":"GET","host":"shop.example","uri":"/api/orders","status":"502","request_time":"0.003","upstream_addr":"10.42.3.17:8080, 10.42.5.8:8080","upstream_status":"502, 502","upstream_response_time":"0.001, 0.001","namespace":"shop","ingress_name":"shop","service_name":"orders","service_port":"80","req_id":"5e0f3f0c8f5b4a2a9b1d2c3e4f506172"}',
  '{"@timestamp":"2026-11-20T14:47:01+00:00","request":"GET / HTTP/1.1","status":200,"request_time":0.019,"upstream_addr":"10.42.3.17:8080","upstream_status":200}',
];
