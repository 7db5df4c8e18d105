import AuthDomain
import SMSGateways
import Settings

extension GatewayInspection {
    /// Reads the gateways as the service will, and tells everything that is wrong with them.
    static let gateways = GatewayInspection { list, key, folder in
        do throws(GatewayProblems) {
            let read = try GatewayConfigurations(list, key: key, folder: folder)
            let today = CivilDate(inHanoiAt: SystemWallClock().now())
            return Findings(problems: [], warnings: read.warnings(on: today).map { ($0.key, $0.message) })
        } catch {
            return Findings(problems: error.problems.map { ($0.key, $0.message) }, warnings: [])
        }
    }
}
