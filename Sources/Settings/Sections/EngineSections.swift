package import AuthDomain

extension Settings {
    /// `throttle`: token buckets in front of sign-ins (R-TCVN-4).
    package struct Throttle: Sendable {
        /// Whether the buckets are used.
        package let isEnabled: Bool
        /// Tokens of one client address.
        package let addressBurst: Int
        /// The time in which an address regains one token.
        package let addressRefill: Duration
        /// Tokens of one network (IPv4 /24, IPv6 /64).
        package let networkBurst: Int
        /// The time in which a network regains one token.
        package let networkRefill: Duration
        /// Client addresses that no bucket counts.
        package let exempt: [AddressBlock]

        init(_ reader: SectionReader) {
            isEnabled = reader.flag("enabled", default: true, "Whether sign-ins are throttled by client address.")
            addressBurst = reader.integer(
                "address_burst", default: 30, in: 1...1_000_000, unit: "tokens", "Tokens of one client address.")
            addressRefill = reader.seconds(
                "address_refill_s", default: 20, in: 1...3600, "The time in which an address regains one token.")
            networkBurst = reader.integer(
                "network_burst", default: 120, in: 1...1_000_000, unit: "tokens",
                "Tokens of one client network: IPv4 /24, IPv6 /64.")
            networkRefill = reader.seconds(
                "network_refill_s", default: 5, in: 1...3600, "The time in which a network regains one token.")
            let doc = KeyDoc(
                type: "list of address ranges", defaultText: "[]",
                summary: "Client address ranges (CIDR) that are never throttled.")
            exempt = reader.list("exempt", doc, parse: AddressBlock.init(settingText:)) ?? []
        }
    }

    /// `http`: limits of both listeners.
    package struct HTTP: Sendable {
        /// Open connections in all.
        package let maxConnections: Int
        /// Open connections of one address.
        package let maxConnectionsPerAddress: Int
        /// From the first byte to the end of the header.
        package let headerDeadline: Duration
        /// From the end of the header to the end of the body.
        package let bodyDeadline: Duration
        /// How long a connection may stay open without a request.
        package let idle: Duration

        init(_ reader: SectionReader) {
            maxConnections = reader.integer(
                "max_connections", default: 10000, in: 1...1_000_000, "Connections that one listener holds open.")
            maxConnectionsPerAddress = reader.integer(
                "max_connections_per_address", default: 10000, in: 1...1_000_000,
                "Connections that one peer address may hold open.")
            headerDeadline = reader.seconds(
                "header_deadline_s", default: 10, in: 1...300, "The time in which a header must be complete.")
            bodyDeadline = reader.seconds(
                "body_deadline_s", default: 10, in: 1...300, "The time in which a body must be complete.")
            idle = reader.seconds(
                "idle_s", default: 75, in: 1...3600, "How long a connection stays open without a request.")
        }
    }

    /// `sqlite`: the threads of the database.
    package struct SQLite: Sendable {
        /// Reading connections.
        package let readers: Int
        /// Waiting operations before load is shed.
        package let queue: Int

        init(_ reader: SectionReader) {
            readers = reader.integer("readers", default: 2, in: 1...64, "Connections that read, each in its thread.")
            queue = reader.integer(
                "queue", default: 4096, in: 16...65536, "Operations that may wait; a full queue answers 503.")
        }
    }

    /// `log`: the service log on standard error.
    package struct Log: Sendable {
        /// The least level that is written.
        package enum Level: String, CaseIterable, Sendable {
            case debug, info, warning, error
        }
        /// The least level that is written.
        package let level: Level

        init(_ reader: SectionReader) {
            level = reader.choice("level", default: .info, "The least level that is written to the log.")
        }
    }

    /// `testing`: for acceptance checks on a loopback address only.
    package struct Testing: Sendable {
        /// The absolute path of the file that holds the instant to take for now; nil for the system clock.
        package let clockFile: String?

        init(_ reader: SectionReader) {
            clockFile = reader.file(
                "clock_file",
                "A file with the RFC 3339 instant to take for now; refused unless both listeners are loopback.")
        }
    }
}
