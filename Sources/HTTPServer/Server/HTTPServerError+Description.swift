extension HTTPServerError: CustomStringConvertible {
    /// One sentence for an operator.
    package var description: String {
        switch self {
        case .invalidAddress(let address): "\(address) is no address to listen on"
        case .addressInUse(let address): "the address \(address) is in use by another process; stop it or set another"
        case .permissionDenied(let address): "listening on \(address) is not permitted to this user"
        case .addressNotAvailable(let address): "this machine has no interface with the address \(address)"
        case .systemCall(let name, let code): "\(name) failed with error \(code)"
        }
    }
}
