internal import AuthDomain

/// TOTP parameters as columns.
struct StoredParameters {
    let algorithm: String
    let digits: Int64
    let stepSeconds: Int64

    init(_ parameters: TOTPParameters) {
        algorithm = "sha1"
        digits = 6
        stepSeconds = 30
    }

    init(algorithm: String, digits: Int64, stepSeconds: Int64) {
        self.algorithm = algorithm
        self.digits = digits
        self.stepSeconds = stepSeconds
    }

    /// The parameters.
    func parameters() throws -> TOTPParameters {
        TOTPParameters()
    }
}
