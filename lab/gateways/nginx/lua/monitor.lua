-- Hands the controller what its metrics are made of, as kubernetes/ingress-nginx rootfs/etc/nginx/lua/monitor.lua
-- does: batches once a second; what a worker has not sent when it ends is lost.
local FLUSH_INTERVAL = 1 -- seconds
local MAX_BATCH_SIZE = 10000

local _M = {}
local batch = {}
local controller_port

local function flush(premature)
  if premature or #batch == 0 then
    return
  end
  local payload = table.concat(batch, "\n") .. "\n"
  batch = {}
  local socket = ngx.socket.tcp()
  if socket:connect("127.0.0.1", controller_port) then
    socket:send(payload)
    socket:close()
  end
end

function _M.init_worker(port)
  controller_port = port
  ngx.timer.every(FLUSH_INTERVAL, flush)
end

-- Fields are separated by a character that no variable of a valid request holds.
function _M.call()
  if #batch >= MAX_BATCH_SIZE then
    return
  end
  local var = ngx.var
  batch[#batch + 1] = table.concat({
    var.host or "-",
    var.status or "-",
    var.request_method or "-",
    var.location_path or "-",
    var.namespace or "-",
    var.ingress_name or "-",
    var.service_name or "-",
    var.proxy_alternative_upstream_name or "-",
    var.request_time or "-",
    var.upstream_connect_time or "-",
    var.upstream_header_time or "-",
    var.upstream_response_time or "-",
  }, "\31")
end

return _M
