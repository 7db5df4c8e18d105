internal import COpenSSL

/// Ends the process where OpenSSL failed in a call that fails only without memory or without its default provider.
///
/// Both mean that nothing can be sealed, opened or compared any more; carrying on would need every caller to have an
/// answer for a state in which there is none. The next start says what is wrong.
func openSSLBroken(_ operation: StaticString) -> Never {
    let code = ERR_peek_last_error()
    // The invariant: inputs of these calls are bounded by us and algorithms are built into the default provider.
    fatalError("OpenSSL cannot do \(operation): error \(String(code, radix: 16))")
}
