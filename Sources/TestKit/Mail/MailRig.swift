internal import Foundation
internal import Glibc
internal import Synchronization

/// Debian's real mail servers of a test's own on loopback, from the files in `deploy/`: Dovecot, Postfix, nginx mail.
///
/// Only what those files say is to be changed is changed: addresses, paths, users, keys; a change that no longer finds
/// its place fails the test. Needs root, as the servers do to change to their users.
package final class MailRig: Sendable {
    /// A part that did not start in time, or a file of `deploy/` that has moved on.
    package struct Failure: Error, CustomStringConvertible {
        /// What went wrong, with the end of the logs.
        package let description: String

        /// Makes a failure.
        package init(description: String) {
            self.description = description
        }
    }

    /// The ports of the servers.
    package struct Ports: Sendable {
        package let imap, pop3, submission, sieve: UInt16
        /// Postfix: mail clients, mail from outside, the port behind Dovecot's submission and nginx.
        package let postfixSubmission, mx, relay: UInt16
        package let doveadm: UInt16
        /// nginx mail, and Dovecot's ports behind it.
        package let nginxIMAP, nginxPOP3, nginxSMTP, imapBehind, pop3Behind: UInt16
    }

    /// Where the rig reaches `otpd`.
    package struct Target: Sendable {
        /// The port of the service listener.
        package let service: UInt16
        /// The port of the policy listener.
        package let policy: UInt16
        /// A client key of scope `mail`.
        package let key: String

        /// Makes a target.
        package init(service: UInt16, policy: UInt16, key: String) {
            self.service = service
            self.policy = policy
            self.key = key
        }
    }

    /// The key of Dovecot's doveadm API.
    package static let doveadmKey = "doveadm-trial-key"
    /// The one password with which nginx logs in to Dovecot.
    package static let backendPassword = "backend-trial-password"

    /// The ports, chosen before anything starts, because `otpd`'s settings name some of them.
    package let ports: Ports
    let folder: TemporaryDirectory
    private let running = Mutex<[Process]>([])

    /// Chooses ports and a folder; nothing runs yet.
    package init() throws {
        guard geteuid() == 0 else { throw Failure(description: "the mail servers need root to change their users") }
        let free = try LoopbackPorts.free(13)
        ports = Ports(
            imap: free[0], pop3: free[1], submission: free[2], sieve: free[3], postfixSubmission: free[4],
            mx: free[5], relay: free[6], doveadm: free[7], nginxIMAP: free[8], nginxPOP3: free[9],
            nginxSMTP: free[10], imapBehind: free[11], pop3Behind: free[12])
        folder = try TemporaryDirectory()
        // The servers' own users pass through it; what is secret in it has modes of its own.
        chmod(folder.url.path, 0o755)
    }

    deinit { stop() }

    /// Starts all servers and waits until they accept.
    package func start(_ target: Target) throws {
        try prepareDovecot(target)
        try preparePostfix(target)
        try prepareNginx(target)
        try launch("dovecot", ["-F", "-c", folder.path("dovecot.conf")])
        try launch("postfix", ["-c", folder.path("postfix"), "start-fg"])
        try launch("nginx", ["-p", folder.url.path, "-c", folder.path("nginx.conf")])
        let all = [
            ports.imap, ports.pop3, ports.submission, ports.sieve, ports.postfixSubmission, ports.mx, ports.relay,
            ports.doveadm, ports.nginxIMAP, ports.nginxPOP3, ports.nginxSMTP, ports.imapBehind, ports.pop3Behind,
        ]
        try wait("the mail servers") { all.allSatisfy(LoopbackPorts.accepts) }
    }

    /// Ends all servers.
    package func stop() {
        let processes = running.withLock { running in
            defer { running = [] }
            return running
        }
        for process in processes where process.isRunning { kill(process.processIdentifier, SIGTERM) }
        for process in processes {
            for _ in 0..<150 where process.isRunning { usleep(20_000) }
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
        }
    }

    /// Everything that the servers logged.
    package var logs: String {
        ["dovecot.log", "postfix.log", "nginx.log", "dovecot.out", "postfix.out", "nginx.out"]
            .map { (try? String(contentsOfFile: folder.path($0), encoding: .utf8)) ?? "" }.joined(separator: "\n")
    }

    /// The messages in a mailbox, whole.
    package func messages(of address: String) -> [String] {
        let parts = address.split(separator: "@")
        let place = folder.path("mail/\(parts[1])/\(parts[0])/Maildir")
        let files = ["new", "cur"].flatMap { part in
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(place)/\(part)")) ?? [])
                .map { "\(place)/\(part)/\($0)" }
        }
        return files.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
    }

    /// Waits until a condition holds.
    package func wait(_ what: String, seconds: Double = 20, until isSo: () -> Bool) throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if isSo() { return }
            usleep(20_000)
        }
        let tail = logs.split(separator: "\n").suffix(30).joined(separator: "\n")
        throw Failure(description: "\(what): not in time\n\(tail)")
    }

    // MARK: Files

    /// The text of a file in `deploy/` with some of its text replaced, each of which must be there.
    static func deployed(_ name: String, _ changes: [(String, String)]) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../deploy").standardized
        var text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
        for (old, new) in changes {
            guard text.contains(old) else { throw Failure(description: "deploy/\(name) no longer holds: \(old)") }
            text = text.replacingOccurrences(of: old, with: new)
        }
        return text
    }

    /// Writes a file that a group of the servers may read beside root.
    func writeSecret(_ text: String, to name: String, group: String) throws {
        let path = try folder.write(text, to: name)
        guard let entry = getgrnam(group) else { throw Failure(description: "there is no group \(group)") }
        chown(path, 0, entry.pointee.gr_gid)
        chmod(path, 0o640)
    }

    func makeFolder(_ name: String, owner: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder.path(name), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        guard let entry = getpwnam(owner) else { throw Failure(description: "there is no user \(owner)") }
        chown(folder.path(name), entry.pointee.pw_uid, entry.pointee.pw_gid)
    }

    /// Starts a server with no signal blocked: a thread of the test blocks some, and a child would inherit that.
    private func launch(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        let unblock =
            "import os,signal,sys;signal.pthread_sigmask(signal.SIG_SETMASK,[]);os.execvp(sys.argv[1],sys.argv[1:])"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", unblock, program] + arguments
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = "\(environment["PATH"] ?? "/usr/bin:/bin"):/usr/sbin:/sbin"
        process.environment = environment
        process.currentDirectoryURL = folder.url
        let output = try Command.handle(folder.path("\(program).out"))
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        running.withLock { $0.append(process) }
    }
}
