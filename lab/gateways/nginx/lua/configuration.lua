-- Takes what the controller posts to /configuration and keeps it for all workers.
local data = ngx.shared.configuration_data

local _M = {}

local function body()
  ngx.req.read_body()
  local text = ngx.req.get_body_data()
  if text then
    return text
  end
  local name = ngx.req.get_body_file()
  local file = name and io.open(name, "rb")
  if not file then
    return ""
  end
  text = file:read("*all")
  file:close()
  return text
end

function _M.receive()
  if ngx.var.request_uri ~= "/configuration/backends" or ngx.var.request_method ~= "POST" then
    ngx.status = ngx.HTTP_NOT_FOUND
    ngx.print("Not found!")
    return
  end
  local version = (data:get("version") or 0) + 1
  local ok, err = data:set("backends", body())
  if not ok then
    ngx.log(ngx.ERR, "dynamic-configuration: error updating configuration: ", err)
    ngx.status = ngx.HTTP_BAD_REQUEST
    return
  end
  data:set("version", version)
  ngx.status = ngx.HTTP_CREATED
end

function _M.is_initialized()
  if data:get("version") then
    ngx.status = ngx.HTTP_OK
    ngx.say("OK")
    return
  end
  ngx.status = ngx.HTTP_INTERNAL_SERVER_ERROR
end

-- Backends by name, with the number of the version they are of; nil when it is the one at hand.
-- Lines of tab-separated fields: backend, canary, external, and one endpoint each.
function _M.backends(known_version)
  local version = data:get("version") or 0
  if version == known_version then
    return nil, version
  end
  local backends, backend = {}, nil
  for line in (data:get("backends") or ""):gmatch("[^\n]+") do
    local kind, a, b, c, d, e = line:match("^(%S+)\t([^\t]*)\t?([^\t]*)\t?([^\t]*)\t?([^\t]*)\t?([^\t]*)")
    if kind == "backend" then
      backend = { name = a, alternative = b ~= "" and b or nil, cookie = c ~= "" and c or nil, peers = {} }
      backends[a] = backend
    elseif kind == "canary" then
      backend.canary = { weight = tonumber(a), total = tonumber(b), header = c, header_value = d, cookie = e }
    elseif kind == "external" then
      backend.external = { host = a, port = b }
    elseif kind == "endpoint" then
      table.insert(backend.peers, a .. ":" .. b)
    end
  end
  return backends, version
end

return _M
