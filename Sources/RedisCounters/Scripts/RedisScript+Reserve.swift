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
    /// - a ticket never outlives its lifetime, even when the server's clock steps back.
    static let reserveBody = """
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000)
        local ticket, epoch, failures, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        local last = now + ARGV[5]
        local old = redis.call('GET', KEYS[1])
        local live, places = 0, ''
        if old then
          local e, f, rest = string.match(old, '^(%d+) (%d+);(.*)$')
          e, f = tonumber(e), tonumber(f)
          if e > epoch or (e == epoch and f > failures) then epoch, failures = e, f end
          for expiry, name in string.gmatch(rest, '(%d+) ([^;]*);') do
            local ends = tonumber(expiry)
            if ends > now and name ~= ticket then
              if ends > last then ends = last end
              live = live + 1
              places = places .. string.format('%.0f', ends) .. ' ' .. name .. ';'
            end
          end
        end
        local answer = 0
        if failures >= limit then answer = 2
        elseif failures + live >= limit then answer = 1
        else places = places .. string.format('%.0f', last) .. ' ' .. ticket .. ';' end
        local new = string.format('%.0f %.0f;', epoch, failures) .. places
        if new ~= old then redis.call('SET', KEYS[1], new, 'PX', ARGV[6]) end
        return answer
        """
}
