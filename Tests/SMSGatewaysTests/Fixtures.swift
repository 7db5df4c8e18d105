import AuthDomain
import AuthService
import Foundation
import HTTPClient
import JSONText
import Reactor
import SMSGateways
import Synchronization
import TestKit

/// What the tests of the gateways share.
enum Fixtures {
    static let code = SMSCode(drawn: OTPCode(truncated: 123_456, digits: .six))
    static let plainText = "Ma OTP: 123456. Hieu luc 5 phut.\n@sso.thudo.gov.vn #123456"

    static func message(
        _ text: String = plainText, reference: String = "ref-1", phone: String = "+84912345678", code: SMSCode? = code
    ) -> OutgoingSMS {
        OutgoingSMS(
            phone: PhoneNumber(e164: phone)!, text: text, code: code, reference: reference, validity: .seconds(299))!
    }

    static func http(threads: Int = 2) throws -> OutgoingHTTP {
        try OutgoingHTTP(name: "test-http", threads: threads, queueLimit: 64)
    }

    /// Ends with the process.
    static let files = BlockingPool(name: "test-files", threads: 1, queueLimit: 64)

    static let links = DeliveryReportLinks(base: "http://127.0.0.1:1/reports") {
        ["token-of-\($0.utf8.count)-\($0.hashCode)", "older-\($0.hashCode)"]
    }!

    /// The settings of one gateway, read as the service does.
    static func configuration(_ json: String, folder: String = "/tmp") throws -> GatewayConfiguration {
        let value = try JSONReader.read(Array("[\(json)]".utf8), form: .handWritten)
        return try GatewayConfigurations(value, folder: folder).gateways[0]
    }

    static func problems(_ json: String, folder: String = "/tmp") -> [String] {
        guard let value = try? JSONReader.read(Array("[\(json)]".utf8), form: .handWritten) else { return ["no JSON"] }
        do throws(GatewayProblems) {
            _ = try GatewayConfigurations(value, folder: folder)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}

extension String {
    fileprivate var hashCode: String { String(utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }, radix: 36) }
}

/// A gateway that answers from a list and remembers what it was asked.
final class ListedGateway: SMSGateway {
    let name: String
    private let state: Mutex<(answers: [GatewayOutcome], asked: [String])>

    init(_ name: String, _ answers: GatewayOutcome...) {
        self.name = name
        state = Mutex((answers, []))
    }

    var asked: [String] { state.withLock { $0.asked } }

    func send(_ message: OutgoingSMS) async -> GatewayOutcome {
        state.withLock { state in
            state.asked.append(message.reference)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
    }
}

/// A gateway under another name.
struct Renamed: SMSGateway {
    let name: String
    let gateway: any SMSGateway

    func send(_ message: OutgoingSMS) async -> GatewayOutcome {
        await gateway.send(message)
    }
}
