import AuthDomain
import Testing

@Suite("Digits and secret bytes")
struct BytesTests {
    @Test(
        "A number is written as Swift writes it, and its length is known before",
        arguments: [0, 7, 9, 10, 99, 100, 12_345, -1, -10, Int64.max, Int64.min])
    func digits(_ number: Int64) {
        var bytes = Array("x".utf8)
        DecimalDigits.append(number, to: &bytes)
        #expect(bytes == Array("x\(number)".utf8))
        #expect(DecimalDigits.count(of: number) == bytes.count - 1)
    }

    @Test("Secret bytes equal none but their like")
    func equality() {
        let secret = SecretBytes([1, 2, 3])
        #expect(secret.isEqual(to: [0, 1, 2, 3, 4][1...3]) && secret.copy == [1, 2, 3])
        for other in [[], [1, 2], [1, 2, 4], [1, 2, 3, 0], [0, 2, 3]] as [[UInt8]] {
            #expect(!secret.isEqual(to: other[...]))
        }
        #expect(SecretBytes([]).isEqual(to: []))
    }
}
