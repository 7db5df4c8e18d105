import AuthDomain
import AuthService
import JSONText
import SQLStore

/// `otpd forms messages`: what imports left for the service to send, and what never arrived.
enum FormMessagesCommand {
    private static let mostRows = 10_000

    static func run(_ arguments: Arguments) async throws {
        try await StoreCommand.run(arguments) { store, _, _ in
            let orders = try await store.standingOrders(limit: mostRows)
            if arguments.has("json") { return showJSON(orders) }
            for order in orders { Terminal.row(Array(text(order).utf8)) }
            let lost = orders.filter { $0.end != nil }.count
            Terminal.line("\(orders.count - lost) waiting, \(lost) to be looked after")
            if lost > 0 {
                Terminal.line(
                    "a password that never arrived: POST /v1/accounts/{address}/password-resets; a code: PUT "
                        + "/v1/accounts/{address}/phone with the same number")
            }
            if orders.count == mostRows { Terminal.line("only the first \(mostRows) are shown") }
        }
    }

    private static func text(_ order: SMSOrderStanding) -> String {
        let state = order.end?.rawValue ?? "waiting"
        let words = [
            order.address ?? "(destroyed)", order.maskedPhone ?? "no number", order.purpose.rawValue, state,
            "ordered \(RFC3339.format(order.orderedAt))", order.dueAt.map { "next try \(RFC3339.format($0))" },
            order.reason,
        ]
        return words.compactMap(\.self).joined(separator: "\t")
    }

    private static func showJSON(_ orders: [SMSOrderStanding]) {
        Terminal.row(
            JSONWriter.object { json in
                json.array("messages", orders) { json, order in
                    json.object { json in
                        json.field("id", order.id)
                        json.optional("address", order.address)
                        json.optional("phone", order.maskedPhone)
                        json.field("purpose", order.purpose.rawValue)
                        json.field("state", order.end?.rawValue ?? "waiting")
                        json.field("ordered_at", RFC3339.format(order.orderedAt))
                        json.optional("next_try_at", order.dueAt.map(RFC3339.format))
                        json.optional("reason", order.reason)
                    }
                }
                json.field("waiting", orders.filter { $0.end == nil }.count)
                json.field("to_look_after", orders.filter { $0.end != nil }.count)
            })
    }
}
