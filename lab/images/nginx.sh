# nginx as a backend. HTTP_CONF: what stands in http {} (log_format, upstream, server); without it a server that
# answers "ok" on $PORT of $LISTEN (or $POD_IP). MAIN_CONF: what stands beside it (worker_rlimit_nofile …),
# EVENTS_CONF: what stands in events {}, WORKERS: worker_processes. $POD_IP in them is replaced.
set -e
folder=$(mktemp -d)
: "${POD_IP:=0.0.0.0}" "${PORT:=8080}" "${LISTEN:=$POD_IP}"
# Where groups may not be set (the lab's namespaces), a worker would log an error that no cluster has: one process then.
user=""
[ "$(id -u)" != 0 ] || user="user root root;"
[ "$(cat /proc/self/setgroups 2>/dev/null)" != deny ] || user="$user master_process off;"
default="server {
    listen $LISTEN:$PORT;
    location = /healthz { access_log off; return 200 'ok'; }
    location / { return 200 'ok'; }
  }"
{
  cat <<END
daemon off;
pid $folder/nginx.pid;
worker_processes ${WORKERS:-1};
error_log /dev/stderr ${ERROR_LEVEL:-notice};
$user
$MAIN_CONF
events { ${EVENTS_CONF:-worker_connections 1024;} }
http {
  default_type text/plain;
  access_log /dev/stdout combined;
END
  for kind in client_body proxy fastcgi uwsgi scgi; do
    echo "  ${kind}_temp_path $folder/$kind;"
  done
  printf '  %s\n}\n' "${HTTP_CONF:-$default}" | sed "s/\$POD_IP/$POD_IP/g"
} >"$folder/nginx.conf"
exec nginx -e /dev/stderr -p "$folder" -c "$folder/nginx.conf"
