extension RedisScript {
    /// Replaces a sign-in whose version is still the one that was read.
    ///
    /// `KEYS[1]` holds eight bytes of version and then the record. `ARGV`: the version read, the new version and
    /// record together, lifetime in ms. Answers 1 replaced, 0 not.
    ///
    /// Invariants: of several calls with one version at most one replaces; an expired sign-in is not brought back,
    /// because an absent key reads as no bytes and those equal no version.
    static let replaceSignInBody = """
        if redis.call('GETRANGE', KEYS[1], 0, 7) ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
        """
}
