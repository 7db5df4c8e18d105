-- Mail logins by app password over the passdb hook, as Dovecot's Lua script asks for them.
--
--   wrk … URL -- KEY LIST
--
-- KEY: a file with the client key · LIST: a file of lines "name password"
--
-- Every answer has the status 200; how many were refused is for the service's own metrics to tell, because reading
-- header fields here would take as long as the service takes to make them.

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
end

function request()
    place = place + 1
    return requests[place % #requests + 1]
end

function done(summary, latency, requests)
    io.write(string.format("requests=%d seconds=%.4f p50=%d p99=%d\n", summary.requests,
        summary.duration / 1e6, latency:percentile(50), latency:percentile(99)))
end
