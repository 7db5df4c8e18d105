-- Verifies codes that were sent by SMS, each once, as fast as answers come. The rate is taken from the first request
-- to the last answer, since wrk itself always runs its whole time.
--
--   wrk … URL -- KEY CODES
--
-- KEY: a file with the client key · CODES: a file of lines "name code"

local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long seconds; long nanoseconds; } otpd_time;
    int clock_gettime(int clock, otpd_time *time);
]]
local threads = {}
local time = ffi.new("otpd_time")

local function monotonic()
    ffi.C.clock_gettime(1, time)
    return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

function setup(thread)
    thread:set("number", #threads)
    table.insert(threads, thread)
end

function init(args)
    local file = assert(io.open(args[1]))
    local key = file:read("*l")
    file:close()
    requests, place, verified, refused = {}, 0, 0, 0
    local line_number = 0
    for line in io.lines(args[2]) do
        -- Of two threads, one takes the even lines, one the odd.
        if line_number % 2 == number then
            local name, code = line:match("^(%S+) (%d+)$")
            local body = '{"account":"' .. name .. '@hanoi.gov.vn","code":"' .. code
                .. '","kind":"sms","client":{"ip":"10.1.2.3"}}'
            table.insert(requests, "POST /v1/otp/verify HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. key
                .. "\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body)
        end
        line_number = line_number + 1
    end
    idle = "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    first, last, idle_answers = 0, 0, 0
end

function request()
    if place == 0 then first = monotonic() end
    place = place + 1
    return requests[place] or idle
end

function response(status, headers, body)
    if body:find("alive", 1, true) then
        -- All codes are used; some answers may still be under way.
        idle_answers = idle_answers + 1
        if idle_answers == 200 then wrk.thread:stop() end
        return
    end
    if body:find("verified", 1, true) then verified = verified + 1 else refused = refused + 1 end
    last = monotonic()
end

function done(summary, latency, requests)
    local verified, refused, begun, ended = 0, 0, math.huge, 0
    for _, thread in ipairs(threads) do
        verified = verified + thread:get("verified")
        refused = refused + thread:get("refused")
        begun = math.min(begun, thread:get("first"))
        ended = math.max(ended, thread:get("last"))
    end
    io.write(string.format("verified=%d refused=%d rate=%.1f p99=%d\n", verified, refused,
        (verified + refused) / (ended - begun), latency:percentile(99)))
end
