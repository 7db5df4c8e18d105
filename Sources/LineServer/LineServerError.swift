internal import Glibc

/// Why a line server could not be started, in one sentence for an operator.
package struct LineServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The address or path.
    package let address: String
    /// What is wrong with it.
    package let reason: String

    /// The address and the reason.
    package var description: String { "\(address) \(reason)" }

    init(address: String, reason: String) {
        self.address = address
        self.reason = reason
    }

    init(address: String, code: Int32) {
        let reason =
            switch code {
            case EADDRINUSE: "is in use by another process or a file; stop it or set another"
            case EACCES, EPERM: "is not permitted to this user"
            case EADDRNOTAVAIL: "is no address of this machine"
            case ENOENT: "lies in a folder that does not exist"
            default: "cannot be listened on, error \(code)"
            }
        self.init(address: address, reason: reason)
    }
}
