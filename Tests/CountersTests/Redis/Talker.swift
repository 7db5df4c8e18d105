import Foundation
import Glibc

/// A listener on a free port that gives every caller the same bytes, whatever it asks.
final class Talker: Sendable {
    /// The port cannot be had.
    struct Failure: Error {}

    let port: UInt16
    private let descriptor: Int32

    init(answer: String) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && listen(descriptor, 16) == 0
                    ? getsockname(descriptor, generic, &length) : -1
            }
        }
        guard status == 0 else { throw Failure() }
        port = UInt16(bigEndian: address.sin_port)
        self.descriptor = descriptor
        let bytes = Array(answer.utf8)
        Thread.detachNewThread {
            var callers: [Int32] = []
            while case let caller = accept(descriptor, nil, nil), caller >= 0 {
                callers.append(caller)
                _ = send(caller, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            }
            for caller in callers { close(caller) }
        }
    }

    deinit {
        // Wakes the thread out of its accept; the descriptor is closed with it.
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
