extension RedisScript {
    /// Takes a place in an attempt budget (R-LOCK-6); mirrors `ReservationLedger.reserve`.
    ///
    /// `KEYS[1]` holds `epoch failures;` and then `expiry ticket;` for each place taken, expiry in milliseconds of the
    /// server. One short string instead of a hash and a sorted set, because it costs one read and one write: never
    /// more than `limit` tickets are in it.
    /// `ARGV`: ticket, durable epoch, durable failures, limit, ticket lifetime in ms, key lifetime in ms.
    /// Answers 0 granted, 1 busy, 2 locked.
    ///
    /// Invariants:
    /// - failures + live tickets ≤ limit after every grant;
    /// - the state written is the newer of the stored and the durable one, whatever the answer;
    /// - a ticket that is still live is granted again without a second place;
    /// - epoch and failures are stored as they came, in plain decimal, so that an unchanged value compares equal;
    /// - a ticket never outlives its lifetime, even when the server's clock steps back.
    static let reserveBody = """
        local call, epoch, failures = redis.call, ARGV[2], ARGV[3]
        local t, old = call('TIME'), call('GET', KEYS[1])
        local now = t[1] * 1000 + math.floor(t[2] / 1000)
        local last = now + ARGV[5]
        local live, places = 0, ''
        if old then
          local e, f, rest = string.match(old, '^(%d+) (%d+);(.*)$')
          local newer = e - epoch
          if newer > 0 or (newer == 0 and f - failures > 0) then epoch, failures = e, f end
          if rest ~= '' then
            for expiry, name in string.gmatch(rest, '(%d+) ([^;]*);') do
              local ends = tonumber(expiry)
              if ends > now and name ~= ARGV[1] then
                if ends > last then ends = last end
                live = live + 1
                places = places .. ends .. ' ' .. name .. ';'
              end
            end
          end
        end
        local answer = 0
        if tonumber(failures) >= tonumber(ARGV[4]) then answer = 2
        elseif failures + live >= tonumber(ARGV[4]) then answer = 1
        else places = places .. last .. ' ' .. ARGV[1] .. ';' end
        local new = epoch .. ' ' .. failures .. ';' .. places
        if new ~= old then call('SET', KEYS[1], new, 'PX', ARGV[6]) end
        return answer
        """
}
