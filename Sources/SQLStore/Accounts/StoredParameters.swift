internal import AuthDomain

/// TOTP parameters as columns.
struct StoredParameters {
    /// The algorithm's name in a key URI.
    let algorithm: String
    /// How many digits a code has.
    let digits: Int64
    /// The time step in seconds.
    let stepSeconds: Int64

    init(algorithm: String, digits: Int64, stepSeconds: Int64) {
        self.algorithm = algorithm
        self.digits = digits
        self.stepSeconds = stepSeconds
    }

    init(_ parameters: TOTPParameters) {
        algorithm = parameters.algorithm.rawValue
        digits = Int64(parameters.digits.rawValue)
        stepSeconds = parameters.stepLength.components.seconds
    }

    /// The parameters; throws when the columns hold what was never written.
    func parameters() throws -> TOTPParameters {
        guard let algorithm = HashAlgorithm(rawValue: algorithm), let digits = OTPDigits(rawValue: Int(digits)),
            let parameters = TOTPParameters(
                algorithm: algorithm, digits: digits, stepLength: .seconds(stepSeconds))
        else { throw SQLFailure.malformed("authenticators") }
        return parameters
    }
}
