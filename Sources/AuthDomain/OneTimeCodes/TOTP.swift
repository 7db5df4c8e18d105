/// The number T of a time step since the Unix epoch (RFC 6238 §4.2, T0 = 0).
package struct TimeStep: Hashable, Comparable, Sendable {
    /// The step number; 64 bits, so that it holds past 2038.
    package let number: Int64

    /// Wraps a step number.
    package init(_ number: Int64) {
        self.number = number
    }

    /// The step that an instant falls in.
    package init(at instant: WallInstant, stepLength: Duration) {
        let length = max(1, stepLength.components.seconds)
        let seconds = instant.seconds
        number = seconds >= 0 ? seconds / length : (seconds - length + 1) / length
    }

    /// The earlier step compares as less.
    package static func < (left: TimeStep, right: TimeStep) -> Bool {
        left.number < right.number
    }
}

/// How an authenticator makes its codes.
package struct TOTPParameters: Hashable, Sendable {
    /// The hash under the MAC.
    package let algorithm: HashAlgorithm
    /// The length of a code.
    package let digits: OTPDigits
    /// The time step X, in whole seconds, 1…3600.
    package let stepLength: Duration

    /// Makes parameters; nil when the step length is not a whole number of seconds of 1…3600.
    package init?(algorithm: HashAlgorithm, digits: OTPDigits, stepLength: Duration) {
        guard stepLength.components.attoseconds == 0, (1...3600).contains(stepLength.components.seconds) else {
            return nil
        }
        self.init(checked: algorithm, digits, stepLength)
    }

    /// What every authenticator app knows: SHA-1, six digits, 30 seconds (R-URI-2).
    package static let standard = TOTPParameters(checked: .sha1, .six, .seconds(30))

    private init(checked algorithm: HashAlgorithm, _ digits: OTPDigits, _ stepLength: Duration) {
        self.algorithm = algorithm
        self.digits = digits
        self.stepLength = stepLength
    }
}

/// How many steps beside the current one are tried, for the delay of the network and clocks that are off (R-TOTP-6).
package struct ValidationWindow: Hashable, Sendable {
    /// The most steps allowed to either side.
    package static let limit = 10

    /// Steps before the current one.
    package let stepsBack: Int
    /// Steps after the current one.
    package let stepsAhead: Int

    /// Makes a window; each side is kept to 0…10.
    package init(stepsBack: Int, stepsAhead: Int) {
        self.stepsBack = min(max(stepsBack, 0), Self.limit)
        self.stepsAhead = min(max(stepsAhead, 0), Self.limit)
    }

    /// One step to either side.
    package static let standard = ValidationWindow(stepsBack: 1, stepsAhead: 1)
}

/// What a code turned out to be.
package enum TOTPVerdict: Hashable, Sendable {
    /// Right; the step must now be stored by a guarded write, which has the last word (R-TOTP-5).
    case accepted(TimeStep)
    /// Right for a step that is not later than the last accepted one; refused, but no guess.
    case alreadyUsed(TimeStep)
    /// Right for no step of the window.
    case wrong
}

/// Codes from the time (RFC 6238).
package enum TOTP {
    /// The code of a step.
    /// - Throws: Only what `mac` throws.
    package static func code<Failure: Error>(
        secret: SecretBytes, step: TimeStep, parameters: TOTPParameters,
        mac: (HashAlgorithm, SecretBytes, [UInt8]) throws(Failure) -> [UInt8]
    ) throws(Failure) -> OTPCode {
        try HOTP.code(
            secret: secret, counter: UInt64(bitPattern: step.number), algorithm: parameters.algorithm,
            digits: parameters.digits, mac: mac)
    }

    /// The latest step of the window whose code this is.
    ///
    /// Every step is evaluated, whether or not an earlier one matched.
    /// - Throws: Only what `mac` throws.
    package static func matchingStep<Failure: Error>(
        _ code: OTPCode, secret: SecretBytes, at now: WallInstant, parameters: TOTPParameters,
        window: ValidationWindow, mac: (HashAlgorithm, SecretBytes, [UInt8]) throws(Failure) -> [UInt8]
    ) throws(Failure) -> TimeStep? {
        let current = TimeStep(at: now, stepLength: parameters.stepLength)
        var match: TimeStep?
        for distance in -window.stepsBack...window.stepsAhead {
            let step = TimeStep(current.number + Int64(distance))
            let expected = try self.code(secret: secret, step: step, parameters: parameters, mac: mac)
            if expected == code { match = step }
        }
        return match
    }

    /// Judges a code against the window and the last accepted step: a code serves once, in order (RFC 6238 §5.2).
    /// - Throws: Only what `mac` throws.
    package static func judge<Failure: Error>(
        _ code: OTPCode, secret: SecretBytes, lastAccepted: TimeStep?, at now: WallInstant,
        parameters: TOTPParameters, window: ValidationWindow,
        mac: (HashAlgorithm, SecretBytes, [UInt8]) throws(Failure) -> [UInt8]
    ) throws(Failure) -> TOTPVerdict {
        let step = try matchingStep(
            code, secret: secret, at: now, parameters: parameters, window: window, mac: mac)
        guard let step else { return .wrong }
        if let lastAccepted, step <= lastAccepted { return .alreadyUsed(step) }
        return .accepted(step)
    }
}
