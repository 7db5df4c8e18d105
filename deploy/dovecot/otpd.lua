-- Asks otpd whether a login may go on. Used by the passdb of otpd.conf; runs in Dovecot's auth workers.
--
-- CHANGE: the two values below. The key is a client key of scope `mail`, alone in a file of root:dovecot, mode 0640:
--   otpd client add --config /etc/otpd/otpd.json --name dovecot --scope mail
local url = "http://127.0.0.1:8080/v1/mail/dovecot/passdb"
local key_file = "/etc/dovecot/otpd.key"

-- One second to connect and three to answer: a worker is occupied for that long at most, and otpd itself answers in
-- milliseconds or says at once that it cannot. One attempt: a repeated question might be counted twice.
local timeouts = { connect_timeout_msecs = 1000, request_timeout_msecs = 3000 }

local client
local key

function script_init()
  local file, reason = io.open(key_file, "r")
  if not file then
    dovecot.i_error("otpd: " .. tostring(reason))
    return 1
  end
  key = file:read("*l")
  file:close()
  if not key or key == "" then
    dovecot.i_error("otpd: " .. key_file .. " is empty")
    return 1
  end
  client = dovecot.http.client({
    connect_timeout_msecs = timeouts.connect_timeout_msecs,
    request_timeout_msecs = timeouts.request_timeout_msecs,
    max_attempts = 1,
    max_connect_attempts = 1,
    max_idle_time_msecs = 10000,
    no_auto_redirect = true,
    user_agent = "dovecot-otpd/1",
  })
  return 0
end

local function escape(value)
  return (tostring(value or ""):gsub("[^%w%-%._~]", function(character)
    return ("%%%02X"):format(character:byte())
  end))
end

local names = { "service", "mech", "remote_ip", "real_rip", "local_ip", "local_port", "session", "secured", "client_id" }

local function form(request, password)
  local fields = { "user=" .. escape(request.user), "password=" .. escape(password) }
  for _, name in ipairs(names) do
    fields[#fields + 1] = name .. "=" .. escape(request[name])
  end
  return table.concat(fields, "&")
end

-- GET with the form in one header: a POST from here always sends `Expect: 100-continue`, and waits two seconds where
-- anything between Dovecot and otpd does not answer it. The answer is in headers too: Lua has no JSON here.
local function ask(request, password)
  local question = client:request({ url = url, method = "GET" })
  question:add_header("Authorization", "Bearer " .. key)
  question:add_header("X-Otpd-Request", form(request, password))
  return question:submit()
end

local results = {
  mismatch = dovecot.auth.PASSDB_RESULT_PASSWORD_MISMATCH,
  unknown = dovecot.auth.PASSDB_RESULT_USER_UNKNOWN,
  disabled = dovecot.auth.PASSDB_RESULT_USER_DISABLED,
  expired = dovecot.auth.PASSDB_RESULT_PASS_EXPIRED,
}

local function set(fields, name, value)
  if value and value ~= "" then fields[name] = value end
end

function auth_password_verify(request, password)
  local asked, response = pcall(ask, request, password)
  if not asked then
    return dovecot.auth.PASSDB_RESULT_INTERNAL_FAILURE, "otpd: " .. tostring(response)
  end
  -- Not reachable, overloaded, its database gone: a temporary failure, never a wrong password.
  if response:status() ~= 200 then
    return dovecot.auth.PASSDB_RESULT_INTERNAL_FAILURE, "otpd: status " .. tostring(response:status())
  end
  local result = response:header("X-Otpd-Result")
  local reason = response:header("X-Otpd-Reason")
  if results[result] then return results[result], "otpd: " .. result end
  local fields = {}
  set(fields, "user", response:header("X-Otpd-User"))
  set(fields, "allow_nets", response:header("X-Otpd-Allow-Nets"))
  if result == "ok" then return dovecot.auth.PASSDB_RESULT_OK, fields end
  if result == "nologin" then
    -- Postfix passes over `nologin` and would let the mailbox send.
    if request.service == "smtp" then return dovecot.auth.PASSDB_RESULT_USER_DISABLED, "otpd: nologin" end
    fields.nologin = "y"
    set(fields, "reason", reason)
    return dovecot.auth.PASSDB_RESULT_OK, fields
  end
  return dovecot.auth.PASSDB_RESULT_INTERNAL_FAILURE, "otpd: unknown result"
end

function auth_passdb_lookup(request)
  return dovecot.auth.PASSDB_RESULT_USER_UNKNOWN, "otpd answers no lookups"
end

function script_deinit()
end
