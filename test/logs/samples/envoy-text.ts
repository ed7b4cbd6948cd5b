/** Composed from Envoy's and Istio's format strings, with values as their sources write them; see docs/log-formats.md. */
const id = '"203.0.113.9" "okhttp/4.12" "c0d24b36-5483-46aa-9d3e-1f0e5d1b7f11" "shop.example"';
const cluster = "outbound|80||orders.shop.svc.cluster.local";
const peers = "- 10.42.0.9:8443 203.0.113.9:40112 shop.example default";

/** Envoy's default format, as Contour logs it. */
export const contour = {
  success: `[2026-11-20T14:47:00.120Z] "GET /orders?page=2 HTTP/1.1" 200 - 0 1893 19 18 ${id} "10.42.3.17:8080"`,
  app503: `[2026-11-20T14:47:01.000Z] "GET /orders HTTP/1.1" 503 - 0 91 5 4 ${id} "10.42.3.17:8080"`,
  noEndpoint: `[2026-11-20T14:47:02.000Z] "GET /orders HTTP/1.1" 503 UH 0 19 0 - ${id} "-"`,
  refused: `[2026-11-20T14:47:03.000Z] "GET /orders HTTP/1.1" 503 UF 0 152 1 - ${id} "10.42.3.17:8080"`,
  refusedAgain: `[2026-11-20T14:47:04.000Z] "GET /orders HTTP/1.1" 503 URX,UF 0 190 31 - ${id} "10.42.3.17:8080"`,
  noRoute: `[2026-11-20T14:47:05.000Z] "GET /orders HTTP/1.1" 503 UF 0 152 3062 - ${id} "10.42.3.17:8080"`,
  connectTimeout: `[2026-11-20T14:47:06.000Z] "GET /orders HTTP/2" 503 UF,URX 0 91 2001 - ${id} "[fd00::17]:8080"`,
  unclear: `[2026-11-20T14:47:07.000Z] "GET /orders HTTP/2" 503 UF 0 91 3 - ${id} "10.42.3.17:8080"`,
  closed: `[2026-11-20T14:48:00.120Z] "POST /pay HTTP/2" 503 UC 312 95 0 - ${id} "10.42.5.9:3000"`,
  responseTimeout: `[2026-11-20T14:47:15.000Z] "GET /report HTTP/1.1" 504 UT 0 24 15001 - ${id} "10.42.5.8:8080"`,
  truncated: `[2026-11-20T14:47:16.000Z] "GET /export HTTP/1.1" 200 UC 0 65536 812 3 ${id} "10.42.5.8:8080"`,
  left: `[2026-11-20T14:47:17.000Z] "GET /slow HTTP/1.1" 0 DC 0 0 9998 - ${id} "10.42.5.8:8080"`,
  notFound: `[2026-11-20T14:47:18.000Z] "GET /nowhere HTTP/1.1" 404 NR 0 0 0 - ${id} "-"`,
  upgraded: `[2026-11-20T14:47:19.000Z] "GET /socket HTTP/1.1" 101 UC 42 99 61000 2 ${id} "10.42.5.8:8080"`,
} as const;

/** Istio's format since 1.9. */
export const istio = {
  success: `[2026-11-20T14:47:00.488Z] "GET /orders HTTP/1.1" 200 - via_upstream - "-" 0 1893 19 18 ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  app503: `[2026-11-20T14:47:00.500Z] "GET /orders HTTP/1.1" 503 URX via_upstream - "-" 0 12 40 9 ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  refused: `[2026-11-20T14:47:01.488Z] "GET /orders HTTP/1.1" 503 UF upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111} - "delayed_connect_error:_111" 0 152 2 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  refusedOld: `[2026-11-20T14:47:01.588Z] "GET /orders HTTP/1.1" 503 UF,URX upstream_reset_before_response_started{connection_failure,delayed_connect_error:_111} - "delayed_connect_error:_111" 0 145 82 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  refusedWords: `[2026-11-20T14:47:01.688Z] "GET /orders HTTP/1.1" 503 URX,UF upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused} - "delayed_connect_error:_Connection_refused" 0 190 82 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  noRoute: `[2026-11-20T14:47:02.000Z] "GET /orders HTTP/1.1" 503 UF upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_113} - "delayed_connect_error:_113" 0 152 3060 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  connectTimeout: `[2026-11-20T14:47:03.000Z] "GET /orders HTTP/1.1" 503 UF upstream_reset_before_response_started{connection_timeout} - "-" 0 91 10001 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  connectTimeoutOld: `[2026-11-20T14:47:03.100Z] "GET /orders HTTP/1.1" 503 UF upstream_reset_before_response_started{connection_failure} - "-" 0 91 10001 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  tls: `[2026-11-20T14:47:04.000Z] "GET /orders HTTP/1.1" 503 UF,URX upstream_reset_before_response_started{remote_connection_failure|TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end} - "TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end" 0 227 60 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  tlsAlert: `[2026-11-20T14:47:04.500Z] "GET /orders HTTP/1.1" 503 UC upstream_reset_before_response_started{connection_termination|TLS_error:|268436502:SSL_routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_UNKNOWN:TLS_error_end} - "TLS_error:|268436502:SSL_routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_UNKNOWN:TLS_error_end" 0 230 6 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  protocol: `[2026-11-20T14:47:05.000Z] "GET /wrong HTTP/1.1" 502 UPE upstream_reset_before_response_started{protocol_error} - "-" 0 87 1001 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  remoteReset: `[2026-11-20T14:47:05.500Z] "POST /pay HTTP/2" 503 UR upstream_reset_before_response_started{remote_reset} - "-" 12 85 7 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  perTry: `[2026-11-20T14:47:06.000Z] "GET /report HTTP/1.1" 504 UT upstream_per_try_timeout - "-" 0 24 2000 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  overflow: `[2026-11-20T14:47:07.000Z] "GET /orders HTTP/1.1" 503 UO upstream_reset_before_response_started{overflow} - "-" 0 81 0 - ${id} "-" ${cluster} ${peers}`,
  noCluster: `[2026-11-20T14:47:08.000Z] "GET /orders HTTP/1.1" 503 NC cluster_not_found - "-" 0 0 0 - ${id} "-" - ${peers}`,
  noEndpoint: `[2026-11-20T14:47:09.000Z] "GET /orders HTTP/1.1" 503 UH no_healthy_upstream - "-" 0 19 0 - ${id} "-" ${cluster} ${peers}`,
  fault: `[2026-11-20T14:47:10.000Z] "GET /orders HTTP/1.1" 503 FI fault_filter_abort - "-" 0 18 0 - ${id} "-" ${cluster} ${peers}`,
  idle: `[2026-11-20T14:47:11.000Z] "GET /orders HTTP/1.1" 504 SI stream_idle_timeout - "-" 0 0 300001 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  truncated: `[2026-11-20T14:47:12.000Z] "GET /export HTTP/2" 200 UR upstream_reset_after_response_started{remote_reset} - "-" 0 9000 120 4 ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  left: `[2026-11-20T14:47:13.000Z] "GET /slow HTTP/2" 0 DC downstream_remote_disconnect - "-" 0 0 4999 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  drained: `[2026-11-20T14:47:14.000Z] "GET /slow HTTP/2" 0 DC downstream_local_disconnect(filter_chain_is_being_removed) - "-" 0 0 70 - ${id} "10.42.3.17:8080" ${cluster} ${peers}`,
  sidecar: `[2026-11-20T14:47:15.000Z] "GET /orders HTTP/1.1" 503 UF upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111} - "delayed_connect_error:_111" 0 152 0 - ${id} "10.42.3.17:8080" inbound|8080|| 127.0.0.6:40001 10.42.3.17:8080 10.42.0.9:51000 outbound_.80_._.orders.shop.svc.cluster.local default`,
  before19: `[2026-11-20T14:47:16.000Z] "GET /orders HTTP/1.1" 503 UF "-" "delayed connect error: 111" 0 145 1 - ${id} "10.42.3.17:8080" ${cluster} - 10.42.0.9:8443 203.0.113.9:40112 shop.example default`,
  tcp: `[2026-11-20T14:47:17.000Z] "- - -" 0 - - - "-" 5120 4096 61000 - "-" "-" "-" "-" "10.42.7.7:5432" outbound|5432||db.shop.svc.cluster.local 10.42.3.3:5000 10.96.0.7:5432 10.42.3.3:4990 - -`,
} as const;

export const lines: readonly string[] = [...Object.values(contour), ...Object.values(istio)];
