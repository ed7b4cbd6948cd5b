-- Picks an endpoint for each try, as kubernetes/ingress-nginx rootfs/etc/nginx/lua/balancer.lua does:
-- every worker looks for new endpoints once a second and goes round.
local ngx_balancer = require("ngx.balancer")
local configuration = require("configuration")
local dns = require("dns")

local SYNC_INTERVAL = 1 -- seconds

local _M = {}
local balancers = {}
local externals = {}
local version = 0

local function same(a, b)
  if #a ~= #b then
    return false
  end
  for i, peer in ipairs(a) do
    if b[i] ~= peer then
      return false
    end
  end
  return true
end

-- A backend without endpoints has no balancer.
local function adopt(backend)
  if #backend.peers == 0 then
    balancers[backend.name] = nil
    return
  end
  local before = balancers[backend.name]
  local next_peer = math.random(#backend.peers)
  if before and same(before.peers, backend.peers) then
    next_peer = before.next_peer
  end
  backend.next_peer = next_peer
  balancers[backend.name] = backend
end

local function sync()
  local backends, newest = configuration.backends(version)
  if not backends then
    return
  end
  externals = {}
  for name in pairs(balancers) do
    if not backends[name] then
      balancers[name] = nil
    end
  end
  for name, backend in pairs(backends) do
    if backend.external then
      externals[name] = backend
    else
      adopt(backend)
    end
  end
  version = newest
end

local function sync_externals()
  for _, backend in pairs(externals) do
    local peers = {}
    for _, address in ipairs(dns.lookup(backend.external.host)) do
      table.insert(peers, address .. ":" .. backend.external.port)
    end
    table.sort(peers)
    local resolved = {}
    for key, value in pairs(backend) do
      resolved[key] = value
    end
    resolved.peers = peers
    adopt(resolved)
  end
end

function _M.init_worker()
  math.randomseed(ngx.now() * 1000 + ngx.worker.pid())
  sync()
  ngx.timer.at(0, sync_externals)
  ngx.timer.every(SYNC_INTERVAL, sync)
  ngx.timer.every(SYNC_INTERVAL, sync_externals)
end

local function wants_canary(canary)
  local name = canary.header:lower():gsub("-", "_")
  local header = name ~= "" and ngx.var["http_" .. name]
  if header then
    if canary.header_value ~= "" then
      if header == canary.header_value then
        return true
      end
    elseif header == "always" or header == "never" then
      return header == "always"
    end
  end
  local cookie = canary.cookie ~= "" and ngx.var["cookie_" .. canary.cookie]
  if cookie == "always" or cookie == "never" then
    return cookie == "always"
  end
  return math.random(canary.total) <= canary.weight
end

local function chosen_balancer()
  local ctx = ngx.ctx
  if ctx.balancer then
    return ctx.balancer
  end
  local balancer = balancers[ngx.var.proxy_upstream_name]
  if not balancer then
    return nil
  end
  local alternative = balancer.alternative
  if alternative then
    local other = balancers[alternative]
    if not other then
      ngx.log(ngx.ERR, "no alternative balancer for backend: ", alternative)
    elseif other.canary and wants_canary(other.canary) then
      ngx.var.proxy_alternative_upstream_name = alternative
      balancer = other
    end
  end
  ctx.balancer = balancer
  return balancer
end

local function includes(peers, wanted)
  for _, peer in ipairs(peers) do
    if peer == wanted then
      return true
    end
  end
  return false
end

local function next_in_turn(balancer)
  local at = balancer.next_peer % #balancer.peers + 1
  balancer.next_peer = at
  return balancer.peers[at]
end

-- A client with a cookie keeps its endpoint as long as it is there.
local function sticky_peer(balancer)
  local wanted = ngx.ctx.sticky_peer
  if not wanted then
    local value = ngx.var["cookie_" .. balancer.cookie]
    wanted = value and ngx.decode_base64(value)
  end
  if not wanted or not includes(balancer.peers, wanted) then
    wanted = next_in_turn(balancer)
    ngx.ctx.new_cookie = balancer.cookie .. "=" .. ngx.encode_base64(wanted) .. "; Path=/; HttpOnly"
  end
  ngx.ctx.sticky_peer = wanted
  return wanted
end

function _M.rewrite()
  local balancer = chosen_balancer()
  if not balancer then
    return ngx.exit(ngx.HTTP_SERVICE_UNAVAILABLE)
  end
  if balancer.cookie then
    sticky_peer(balancer)
    if ngx.ctx.new_cookie then
      ngx.header["Set-Cookie"] = ngx.ctx.new_cookie
    end
  end
end

function _M.balance()
  local balancer = chosen_balancer()
  if not balancer then
    return
  end
  ngx_balancer.set_more_tries(1)
  local peer = balancer.cookie and sticky_peer(balancer) or next_in_turn(balancer)
  local ok, err = ngx_balancer.set_current_peer(peer)
  if not ok then
    ngx.log(ngx.ERR, "error while setting current upstream peer ", peer, ": ", err)
  end
end

return _M
