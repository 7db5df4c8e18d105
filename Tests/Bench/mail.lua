-- Mail logins by app password over the passdb hook, as Dovecot's Lua script asks for them.
--
--   wrk … URL -- KEY LIST
--
-- KEY: a file with the client key · LIST: a file of lines "name password"

local threads = {}

function setup(thread)
    thread:set("number", #threads)
    table.insert(threads, thread)
end

function init(args)
    local file = assert(io.open(args[1]))
    local key = file:read("*l")
    file:close()
    requests, place = {}, number
    for line in io.lines(args[2]) do
        local name, password = line:match("^(%S+) (%S+)$")
        local at = #requests
        table.insert(requests, "GET /v1/mail/dovecot/passdb HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. key
            .. "\r\nX-Otpd-Request: user=" .. name .. "&password=" .. password .. "&service=imap&mech=PLAIN&remote_ip=10.9."
            .. math.floor(at / 250) % 250 .. "." .. at % 250 .. "\r\n\r\n")
    end
    refused = 0
end

function request()
    place = place + 1
    return requests[place % #requests + 1]
end

function response(status, headers, body)
    if headers["X-Otpd-Result"] ~= "ok" then refused = refused + 1 end
end

function done(summary, latency, requests)
    local refused = 0
    for _, thread in ipairs(threads) do refused = refused + thread:get("refused") end
    io.write(string.format("requests=%d seconds=%.4f refused=%d p50=%d p99=%d\n", summary.requests,
        summary.duration / 1e6, refused, latency:percentile(50), latency:percentile(99)))
end
