-- Requests for wrk: mail programs that log in with app passwords, through the hook for Dovecot's passdb.
--
--   wrk … URL -- KEY PASSWORDS
--
-- KEY: a file with the client key · PASSWORDS: a file of lines "address password". Every request takes the next line
-- in a walk without order and comes from another address of a network of 16 million.

local threads = {}

function setup(thread)
    thread:set("number", #threads)
    table.insert(threads, thread)
end

function init(args)
    local file = assert(io.open(args[1]))
    local key = file:read("*l")
    file:close()
    forms = {}
    for text in io.lines(args[2]) do
        local address, password = text:match("^(%S+) (%S+)$")
        table.insert(forms, "user=" .. address .. "&password=" .. password .. "&service=imap&remote_ip=10.")
    end
    head = "POST /v1/mail/dovecot/passdb HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. key
        .. "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    math.randomseed(number + 1)
end

function request()
    local form = forms[math.random(#forms)] .. math.random(0, 255) .. "." .. math.random(0, 255) .. "."
        .. math.random(0, 255)
    return head .. #form .. "\r\n\r\n" .. form
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        "requests=%d seconds=%.4f refused=%d broken=%d p50=%d p99=%d max=%d\n",
        summary.requests, summary.duration / 1e6, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout,
        latency:percentile(50), latency:percentile(99), latency.max))
end
