import AuthDomain
import Testing

@Suite("Network addresses and blocks")
struct NetworkAddressTests {
    @Test(
        "An address has one spelling, however it is given (RFC 5952 §4)",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
            ("9.10.99.100", "9.10.99.100"),
            ("::", "::"), ("0:0:0:0:0:0:0:0", "::"), ("::1", "::1"), ("1::", "1::"), ("::0001", "::1"),
            ("2001:DB8::A", "2001:db8::a"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("fe80:0:0:0:1::", "fe80::1:0:0:0"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ])
    func spelling(given: String, text: String) throws {
        let address = try #require(NetworkAddress(given))
        #expect(address.text == text)
        #expect(NetworkAddress(text) == address)
    }

    @Test(
        "An IPv4-mapped address is the IPv4 address (RFC 4291 §2.5.5.2)",
        arguments: ["::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1", "0:0::0:ffff:c000:0201"])
    func mapped(text: String) {
        #expect(NetworkAddress(text) == NetworkAddress("192.0.2.1"))
    }

    @Test(
        "What merely resembles a mapped address stays IPv6",
        arguments: ["::192.0.2.1", "::fffe:192.0.2.1", "::ffff:0:192.0.2.1", "1::ffff:192.0.2.1"])
    func notMapped(text: String) {
        #expect(NetworkAddress(text)?.bytes.count == 16)
    }

    @Test(
        "Rubbish is no address; nor are zones, ports, brackets, short and octal forms",
        arguments: [
            "", " ", ".", ":", ":::", "::::", "1", "127.1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3",
            "256.1.1.1", "01.2.3.4", "1.2.3.004", "0x1.2.3.4", "+1.2.3.4", "-1.2.3.4", "1.2.3.4 ", " 1.2.3.4",
            "1.2.3.4\n", "1.2.3.4\u{0}", "1.2.3.4:80", "1,2,3,4", "١.٢.٣.٤", "１.2.3.4", "1.2.3.4\u{301}",
            "[::1]", "::1:", ":1::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
            "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "12345::", "::g", "::+1", "::-1", "::0x1", "1.2.3.4::",
            "::1.2.3", "::1.2.3.4.5", "::1.2.3.4:5", "::256.1.1.1", "1:2:3:4:5:6:7:1.2.3.4", "::\u{FF11}",
            "fe80::1%eth0", "fe80::1%1", "fe80::1%", "::1/128", "localhost", "::ffff:1.2.3.4%0", "::\u{301}",
            String(repeating: "1", count: 46), String(repeating: ":", count: 100_000), "::1" + "\u{0}",
        ])
    func rubbish(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test(
        "Loopback is 127.0.0.0/8 and ::1",
        arguments: [
            ("127.0.0.1", true), ("127.255.0.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false),
            ("0.0.0.0", false), ("::", false), ("::2", false), ("1::1", false),
        ])
    func loopback(text: String, isLoopback: Bool) {
        #expect(NetworkAddress(text)?.isLoopback == isLoopback)
    }

    @Test(
        "R-TCVN-4: throttling counts IPv4 by /24 and IPv6 by /64",
        arguments: [
            ("192.0.2.77", "192.0.2.0/24"), ("::ffff:192.0.2.77", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::1", "::/64"),
        ])
    func network(text: String, block: String) {
        #expect(NetworkAddress(text)?.network.text == block)
    }

    @Test(
        "Blocks hold what they should",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false), ("0.0.0.0/0", "8.8.8.8", true),
            ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.255", true),
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("10.0.0.0/8", "::1", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false), ("::/0", "10.0.0.1", false), ("::/0", "ffff::", true),
            ("10.1.2.3/8", "10.9.9.9", true), ("::1/128", "::1", true), ("::ffff:10.1.2.3", "10.1.2.3", true),
        ])
    func blocks(block: String, address: String, isInside: Bool) throws {
        let parsed = try #require(AddressBlock(block))
        let member = try #require(NetworkAddress(address))
        #expect(parsed.contains(member) == isInside)
        #expect(AddressBlock(parsed.text) == parsed)
    }

    @Test("A block starts at its first address, and its prefix is kept to the address's length")
    func firstAddress() throws {
        let address = try #require(NetworkAddress("203.0.113.201"))
        #expect(AddressBlock("203.0.113.201/28")?.address.text == "203.0.113.192")
        #expect(AddressBlock(address: address, prefixLength: 99).text == "203.0.113.201/32")
        #expect(AddressBlock(address: address, prefixLength: -1).text == "0.0.0.0/0")
    }

    @Test(
        "Rubbish is no block",
        arguments: [
            "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/+8", "10.0.0.0/-1", "10.0.0.0/08",
            "10.0.0.0/ 8", "10.0.0.0/8 ", "10.0.0.0/8/8", "10.0.0.0//8", "10.0.0.0/٨", "10.0.0.0/255.0.0.0", "10/8",
            "10.0.0.0/99999999999999999999", "::ffff:10.0.0.0/8", "::ffff:10.0.0.0/104", "fe80::%eth0/64",
            "10.0.0.0/" + String(repeating: "0", count: 100_000),
        ])
    func rubbishBlock(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
