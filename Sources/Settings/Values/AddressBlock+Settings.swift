internal import AuthDomain

extension AddressBlock {
    /// Reads a block as settings give it: CIDR notation whose address is the first of the block.
    init(settingText text: String) throws(Refusal) {
        guard let block = AddressBlock(text) else {
            throw Refusal("must be an address range like 10.0.0.0/8 or 2001:db8::/32, is \(SectionReader.quote(text))")
        }
        // A range written by a host address is a slip more often than a wish.
        guard NetworkAddress(String(text.prefix { $0 != "/" })) == block.address else {
            throw Refusal("has bits beyond its prefix: did you mean \(block.text)?")
        }
        self = block
    }
}
