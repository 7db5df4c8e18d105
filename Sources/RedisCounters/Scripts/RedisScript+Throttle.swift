extension RedisScript {
    /// Takes one attempt from every bucket or from none: generic cell rate algorithm (T-3).
    ///
    /// Each key holds the theoretical arrival time in µs of the server; absent means full. `ARGV` holds a pair for
    /// each key: refill in µs, burst. Answers 0 when taken, else the µs until all buckets would give one.
    ///
    /// Invariants:
    /// - nothing is written unless every bucket gives an attempt;
    /// - a bucket never owes more than its burst, so that a clock stepped back or a rate made smaller cannot shut
    ///   anybody out for longer than `burst × refill`;
    /// - a key expires when its bucket is full again.
    static let takeAttemptBody = """
        local t = redis.call('TIME')
        local now = t[1] * 1000000 + t[2]
        local stored = redis.call('MGET', unpack(KEYS))
        local wait, after = 0, {}
        for i = 1, #KEYS do
          local refill = tonumber(ARGV[2 * i - 1])
          local full = refill * ARGV[2 * i]
          local tat = tonumber(stored[i] or 0)
          if tat < now then tat = now elseif tat > now + full then tat = now + full end
          after[i] = tat + refill
          local missing = after[i] - now - full
          if missing > wait then wait = missing end
        end
        if wait > 0 then return wait end
        for i = 1, #KEYS do
          redis.call('SET', KEYS[i], string.format('%.0f', after[i]), 'PX', math.ceil((after[i] - now) / 1000))
        end
        return 0
        """

    /// Gives one attempt back to every bucket.
    ///
    /// `KEYS` as above; `ARGV`: the refill in µs of each key. Invariant: a bucket never holds more than its burst,
    /// because an arrival time in the past is the same as none and the key is then deleted.
    static let giveBackAttemptBody = """
        local t = redis.call('TIME')
        local now = t[1] * 1000000 + t[2]
        local stored = redis.call('MGET', unpack(KEYS))
        for i = 1, #KEYS do
          if stored[i] then
            local tat = tonumber(stored[i]) - ARGV[i]
            if tat > now then
              redis.call('SET', KEYS[i], string.format('%.0f', tat), 'PX', math.ceil((tat - now) / 1000))
            else
              redis.call('DEL', KEYS[i])
            end
          end
        end
        return 0
        """

    /// Answers what `takeAttemptBody` would, and writes nothing: for calls of which only the failed ones use a bucket up.
    static let askAttemptBody = """
        local t = redis.call('TIME')
        local now = t[1] * 1000000 + t[2]
        local wait = 0
        for i = 1, #KEYS do
          local tat = tonumber(redis.call('GET', KEYS[i]) or 0)
          if tat > now then
            local refill = tonumber(ARGV[2 * i - 1])
            local full = refill * ARGV[2 * i]
            if tat > now + full then tat = now + full end
            local missing = tat + refill - now - full
            if missing > wait then wait = missing end
          end
        end
        return wait
        """
}
