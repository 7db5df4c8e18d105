package import AuthDomain

/// The published test vectors of one-time codes, with the MAC each rests on (R-TOTP-2, R-TOTP-4).
package enum RFCVectors {
    /// The secret of RFC 4226 appendix D.
    package static let hotpSecret = Array("12345678901234567890".utf8)

    /// RFC 4226 appendix D: HMAC-SHA-1, six digits.
    package static let hotp = [
        HOTPVector(counter: 0, mac: "cc93cf18508d94934c64b65d8ba7667fb7cde4b0", code: "755224"),
        HOTPVector(counter: 1, mac: "75a48a19d4cbe100644e8ac1397eea747a2d33ab", code: "287082"),
        HOTPVector(counter: 2, mac: "0bacb7fa082fef30782211938bc1c5e70416ff44", code: "359152"),
        HOTPVector(counter: 3, mac: "66c28227d03a2d5529262ff016a1e6ef76557ece", code: "969429"),
        HOTPVector(counter: 4, mac: "a904c900a64b35909874b33e61c5938a8e15ed1c", code: "338314"),
        HOTPVector(counter: 5, mac: "a37e783d7b7233c083d4f62926c7a25f238d0316", code: "254676"),
        HOTPVector(counter: 6, mac: "bc9cd28561042c83f219324d3c607256c03272ae", code: "287922"),
        HOTPVector(counter: 7, mac: "a4fb960c0bc06e1eabb804e5b397cdc4b45596fa", code: "162583"),
        HOTPVector(counter: 8, mac: "1b3c89f65e6c9e883012052823443f048b4332db", code: "399871"),
        HOTPVector(counter: 9, mac: "1637409809a679dc698207310c8c7fc07290d9e5", code: "520489"),
    ]

    /// RFC 6238 appendix B: 30 seconds, eight digits.
    package static let totp = [
        TOTPVector(
            seconds: 59, algorithm: .sha1, code: "94287082",
            mac: "75a48a19d4cbe100644e8ac1397eea747a2d33ab"),
        TOTPVector(
            seconds: 59, algorithm: .sha256, code: "46119246",
            mac: "392514c9dd4165d4709456062c78e04e16e68718515951333bdb8b26caa3053c"),
        TOTPVector(
            seconds: 59, algorithm: .sha512, code: "90693936",
            mac: "6f76f324230cefda1d3f65309a0badb36efce9528ada64967d71e4e9d74c4aa3"
                + "7fe7650f931ab86ddccc2d38962d720ee626a20feb311b485a92e3bb0796df28"),
        TOTPVector(
            seconds: 1111111109, algorithm: .sha1, code: "07081804",
            mac: "278c02e53610f84c40bd9135acd4101012410a14"),
        TOTPVector(
            seconds: 1111111109, algorithm: .sha256, code: "68084774",
            mac: "4eed729864525d771326c6049bc885629fb8813ebb417e5704df02358793f056"),
        TOTPVector(
            seconds: 1111111109, algorithm: .sha512, code: "25091201",
            mac: "b3381250260d6a9e811ae58dfa406705e38c804c97528d5a7ed8ee533331f8c4"
                + "3cc3454911ad1d2761f9380170c0b180a657e3a944c796e05d09f2d1630b7505"),
        TOTPVector(
            seconds: 1111111111, algorithm: .sha1, code: "14050471",
            mac: "b0092b21d048af209da0a1ddd498ade8a79487ed"),
        TOTPVector(
            seconds: 1111111111, algorithm: .sha256, code: "67062674",
            mac: "cb48f7ef5cd98f6d7bfcb31ae7458ff692a015776205de7e1abfff29d6d48a9d"),
        TOTPVector(
            seconds: 1111111111, algorithm: .sha512, code: "99943326",
            mac: "01713ed59e49948a4f0fffb7466baebac66362d90764a5a23df761636e1535c4"
                + "4b635339ec00a789b8ca45cd3d727acd6b995047547f6f68adc6f16a7436c331"),
        TOTPVector(
            seconds: 1234567890, algorithm: .sha1, code: "89005924",
            mac: "907cd1a9116564ecb9d5d1780325f246173fe703"),
        TOTPVector(
            seconds: 1234567890, algorithm: .sha256, code: "91819424",
            mac: "3befb8821caef9df4e05790da0966163f4e38feee7f71fcd289c3de48d3486d9"),
        TOTPVector(
            seconds: 1234567890, algorithm: .sha512, code: "93441116",
            mac: "87d0cfb5d4e968d7d9041a5cf21dd7d460705784004f0244edb98004e6cf9942"
                + "ace539d621c97dc0fb75f6f10d64af1f09ecae83ea7f1213c7fa187dfaf6b938"),
        TOTPVector(
            seconds: 2000000000, algorithm: .sha1, code: "69279037",
            mac: "25a326d31fc366244cad054976020c7b56b13d5f"),
        TOTPVector(
            seconds: 2000000000, algorithm: .sha256, code: "90698825",
            mac: "a4e8eabbe549adfa65408945a9282cb93f394f06c0d4f122260963641bc3abe2"),
        TOTPVector(
            seconds: 2000000000, algorithm: .sha512, code: "38618901",
            mac: "129baa738cfa1565a24297237bce282671ff6e261754eb7011e1e75bd2555b32"
                + "6313142a1f9fe2f31d9ce6cc95d3b16a0dee56f2492f2f76885702d98bfadc93"),
        TOTPVector(
            seconds: 20000000000, algorithm: .sha1, code: "65353130",
            mac: "ab07e97e2c1278769dbcd75783aabde75ed8550a"),
        TOTPVector(
            seconds: 20000000000, algorithm: .sha256, code: "77737706",
            mac: "1363cc0ee3557f092e5b55ea3ddb06bcd20f063ce393ccf670059e3ca44941f8"),
        TOTPVector(
            seconds: 20000000000, algorithm: .sha512, code: "47863826",
            mac: "562298a02af13e7522127adee3dc6678d53669ca2b7016186968f9a9c14f51d1"
                + "e7098ba91293a01b5f3bab4207a2af5ce332a45f2c2ff2b9885aa42ff61cb426"),
    ]

    /// The secret of RFC 6238 appendix B: the digits repeated to the length of the hash (errata 2866).
    package static func totpSecret(_ algorithm: HashAlgorithm) -> [UInt8] {
        (0..<algorithm.outputByteCount).map { UInt8(ascii: "0") + UInt8(($0 + 1) % 10) }
    }
}

/// One row of RFC 4226 appendix D.
package struct HOTPVector: Sendable {
    /// The counter C.
    package let counter: UInt64
    /// The MAC over the counter, in hexadecimal.
    package let mac: String
    /// The code of six digits.
    package let code: String
}

/// One row of RFC 6238 appendix B for one hash.
package struct TOTPVector: Sendable {
    /// The time in seconds since the Unix epoch.
    package let seconds: Int64
    /// The hash under the MAC.
    package let algorithm: HashAlgorithm
    /// The code of eight digits.
    package let code: String
    /// The MAC over the time step, in hexadecimal.
    package let mac: String
}
