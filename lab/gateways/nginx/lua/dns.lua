-- Looks up the names of ExternalName Services, as kubernetes/ingress-nginx rootfs/etc/nginx/lua/util/dns.lua does:
-- search domains by ndots, A records, cached for their TTL; what cannot be resolved is logged at every try.
local bit = require("bit")

local TIMEOUT_MS = 2000

local _M = {}
local cache = {}

local function read_resolv_conf()
  local conf = { nameservers = {}, search = {}, ndots = 1 }
  local file = io.open("/etc/resolv.conf", "r")
  if not file then
    return conf
  end
  for line in file:lines() do
    local kind, rest = line:match("^(%a+)%s+(.*)$")
    if kind == "nameserver" then
      table.insert(conf.nameservers, (rest:match("^%S+")))
    elseif kind == "search" then
      for domain in rest:gmatch("%S+") do
        table.insert(conf.search, domain)
      end
    elseif kind == "options" then
      conf.ndots = tonumber(rest:match("ndots:(%d+)")) or conf.ndots
    end
  end
  file:close()
  return conf
end

local conf = read_resolv_conf()

local function question(id, name, qtype)
  local labels = {}
  for label in name:gmatch("[^.]+") do
    table.insert(labels, string.char(#label) .. label)
  end
  local head = string.char(bit.rshift(id, 8), id % 256, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0)
  return head .. table.concat(labels) .. string.char(0, 0, qtype, 0, 1)
end

local function u16(text, at)
  local a, b = text:byte(at, at + 1)
  return (a or 0) * 256 + (b or 0)
end

local function after_name(text, at)
  while true do
    local length = text:byte(at) or 0
    if length >= 192 then
      return at + 2
    end
    if length == 0 then
      return at + 1
    end
    at = at + length + 1
  end
end

local NAMES = { [1] = "format error", [2] = "server failure", [3] = "name error", [4] = "not implemented", [5] = "refused" }

local function addresses_in(text, kind)
  local code = text:byte(4) % 16
  if code ~= 0 then
    return nil, string.format("server returned error code: %d: %s", code, NAMES[code] or "unknown")
  end
  local at = after_name(text, 13) + 4
  local found, ttl = {}, 30
  for _ = 1, u16(text, 7) do
    at = after_name(text, at)
    local rtype, length = u16(text, at), u16(text, at + 8)
    if rtype == 1 and length == 4 then
      table.insert(found, table.concat({ text:byte(at + 10, at + 13) }, "."))
      ttl = math.min(ttl, u16(text, at + 6))
    end
    at = at + 10 + length
  end
  if #found == 0 then
    return nil, "no " .. kind .. " record resolved"
  end
  return found, nil, ttl
end

local function ask(name, qtype, kind)
  local socket = ngx.socket.udp()
  socket:settimeout(TIMEOUT_MS)
  local ok, err = socket:setpeername(conf.nameservers[1], 53)
  if not ok then
    return nil, err
  end
  socket:send(question(math.random(0, 65535), name, qtype))
  local text
  text, err = socket:receive(4096)
  socket:close()
  if not text then
    return nil, "failed to receive reply from UDP server " .. conf.nameservers[1] .. ":53: " .. err
  end
  return addresses_in(text, kind)
end

local function candidates(host)
  if host:sub(-1) == "." then
    return { host:sub(1, -2) }
  end
  local _, dots = host:gsub("%.", "")
  local names = {}
  for _, domain in ipairs(conf.search) do
    table.insert(names, host .. "." .. domain)
  end
  table.insert(names, dots < conf.ndots and #names + 1 or 1, host)
  return names
end

function _M.lookup(host)
  local kept = cache[host]
  if kept and kept.till > ngx.now() then
    return kept.addresses
  end
  if host:match("^%d+%.%d+%.%d+%.%d+$") then
    return { host }
  end
  local errors = {}
  for _, name in ipairs(candidates(host)) do
    local found, err, ttl = ask(name, 1, "A")
    if found then
      cache[host] = { addresses = found, till = ngx.now() + ttl }
      return found
    end
    local _, other = ask(name, 28, "AAAA")
    errors = { err, other or "no AAAA record resolved" }
  end
  ngx.log(ngx.ERR, "failed to query the DNS server for ", host, ":\n", table.concat(errors, "\n"))
  return {}
end

return _M
