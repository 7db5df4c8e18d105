-- Requests for wrk: each for another account, so that no code is used twice.
--
--   wrk … URL -- KIND KEY CODES FIRST ACCOUNTS LEAD
--
-- KIND: "otp" (POST /v1/otp/verify), "replay" (the same for accounts whose steps are used up), "sign-in"
-- (POST /v1/sign-ins), "account" (GET /v1/accounts/{address})
-- KEY: a file with the client key · CODES: a file of lines "step code" · FIRST: the first place of the walk
-- ACCOUNTS: how many there are; the last tenth has used all its steps · LEAD: the step of the first code after the present one; each further walk over all
-- accounts takes the next step, so that every account sees rising steps only.
--
-- The walk is no order of the file or of an index: its stride has no factor in common with their number.

local stride = 7368787
local password = "Bench-Matkhau-2026#"
local threads = {}

function setup(thread)
    thread:set("number", #threads)
    table.insert(threads, thread)
end

local function line_of(path)
    local file = assert(io.open(path))
    local line = file:read("*l")
    file:close()
    return line
end

function init(args)
    kind, lead = args[1], tonumber(args[6])
    local first, all = tonumber(args[4]), tonumber(args[5])
    local used = math.floor(all / 10)
    offset, accounts = 0, all - used
    if kind == "replay" then offset, accounts = all - used, used end
    local key = line_of(args[2])
    codes = {}
    for text in io.lines(args[3]) do
        local step, code = text:match("^(%d+) (%d+)$")
        codes[tonumber(step)] = code
    end
    place = first + number
    takes_code = kind == "otp" or kind == "replay"
    local route = takes_code and "/v1/otp/verify" or "/v1/sign-ins"
    local length = #body_of("u00000000", takes_code and "000000")
    head = "POST " .. route .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. key
        .. "\r\nContent-Type: application/json\r\nContent-Length: " .. length .. "\r\n\r\n"
    tail = " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. key .. "\r\n\r\n"
end

function body_of(name, code)
    if code then
        return '{"account":"' .. name .. '@hanoi.gov.vn","code":"' .. code .. '","client":{"ip":"10.1.2.3"}}'
    end
    return '{"account":"' .. name .. '@hanoi.gov.vn","password":"' .. password .. '","client":{"ip":"10.1.2.3"}}'
end

function request()
    local name = string.format("u%08d", offset + (place * stride) % accounts)
    local walk = math.floor(place / accounts)
    place = place + 2 -- of two threads, one walks the even places, one the odd
    if takes_code then
        local step = math.floor(os.time() / 30) + (kind == "otp" and lead + walk or 0)
        return head .. body_of(name, codes[step])
    elseif kind == "sign-in" then
        return head .. body_of(name)
    end
    return "GET /v1/accounts/" .. name .. "@hanoi.gov.vn" .. tail
end

function done(summary, latency, requests)
    local errors, next_place = summary.errors, 0
    for _, thread in ipairs(threads) do next_place = math.max(next_place, thread:get("place")) end
    io.write(string.format(
        "requests=%d seconds=%.4f refused=%d broken=%d next=%d p50=%d p99=%d max=%d\n",
        summary.requests, summary.duration / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
        next_place,
        latency:percentile(50), latency:percentile(99), latency.max))
end
