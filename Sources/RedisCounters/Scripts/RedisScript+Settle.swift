extension RedisScript {
    /// Gives a place back and raises the stored state; mirrors `ReservationLedger.settle`.
    ///
    /// `KEYS[1]` as in the reserve script. `ARGV`: ticket (empty for none), key lifetime in ms and, when the database
    /// has a newer state, its epoch and failures.
    ///
    /// Invariants:
    /// - the stored state never falls, within an epoch or back to an earlier one;
    /// - only the named ticket leaves; expired ones are dropped by the next reservation;
    /// - a key that would say nothing (no failure ever, no ticket) is deleted.
    static let settleBody = """
        local old = redis.call('GET', KEYS[1])
        local epoch, failures, places = 0, 0, ''
        if old then
          local e, f, rest = string.match(old, '^(%d+) (%d+);(.*)$')
          epoch, failures, places = tonumber(e), tonumber(f), rest
        end
        if ARGV[1] ~= '' then
          local from, to = string.find(places, ' ' .. ARGV[1] .. ';', 1, true)
          if from then
            while from > 1 and string.byte(places, from - 1) ~= 59 do from = from - 1 end
            places = string.sub(places, 1, from - 1) .. string.sub(places, to + 1)
          end
        end
        if ARGV[3] then
          local e, f = tonumber(ARGV[3]), tonumber(ARGV[4])
          if e > epoch or (e == epoch and f > failures) then epoch, failures = e, f end
        end
        local new = string.format('%.0f %.0f;', epoch, failures) .. places
        if new == '0 0;' then
          if old then redis.call('DEL', KEYS[1]) end
        elseif new ~= old then
          redis.call('SET', KEYS[1], new, 'PX', ARGV[2])
        end
        return 0
        """
}
