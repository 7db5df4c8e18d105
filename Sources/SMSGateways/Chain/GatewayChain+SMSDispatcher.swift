package import AuthDomain
package import AuthService

extension GatewayChain: SMSDispatcher {
    /// Hands over one message along the chain; see the port.
    package func dispatch(_ message: OutgoingSMS, asking: @Sendable (String) async -> Bool) async -> SMSDispatch {
        let result = await send(message, asking: asking)
        return SMSDispatch(gateway: result.gateway, outcome: result.outcome)
    }
}
