/// A departure of a new address from the naming rule of Điều 5: told when it is provisioned, never a bar (R-ADDR-3).
package enum AddressWarning: Hashable, Sendable {
    /// Other characters than lower-case letters and digits in words joined by `_`.
    case characters
    /// A clerical or technical mailbox that does not start with the word its kind asks for.
    case missingPrefix(String)
    /// A name without the abbreviation of the organisation behind `_`.
    case missingOrganisation
    /// A domain other than the one that Điều 5 names.
    case otherDomain

    /// The clause of the regulation.
    package var clause: String {
        switch self {
        case .characters, .otherDomain: "Điều 5"
        case .missingPrefix("vanthu_"): "Điều 5.1.a"
        case .missingPrefix: "Điều 5.1.b"
        case .missingOrganisation: "Điều 5.2"
        }
    }

    /// What an operator is told.
    package func message(_ language: Language) -> String {
        switch (self, language) {
        case (.characters, .vietnamese):
            "Tên hộp thư cần viết liền, chữ thường và không dấu, các phần nối bằng dấu “_”."
        case (.characters, .english): "The name should be lower-case letters and digits in words joined by “_”."
        case (.missingPrefix(let prefix), .vietnamese): "Tên hộp thư loại này cần bắt đầu bằng “\(prefix)”."
        case (.missingPrefix(let prefix), .english): "The name of a mailbox of this kind should start with “\(prefix)”."
        case (.missingOrganisation, .vietnamese): "Tên hộp thư cần có tên cơ quan viết tắt sau dấu “_”."
        case (.missingOrganisation, .english): "The name should end in “_” and the abbreviation of the organisation."
        case (.otherDomain, .vietnamese): "Quy tắc đặt tên chỉ nêu tên miền @hanoi.gov.vn."
        case (.otherDomain, .english): "The naming rule speaks of the domain @hanoi.gov.vn only."
        }
    }
}

/// The naming rule of Điều 5 for mailboxes newly issued (R-ADDR-2).
package enum AddressLint {
    /// Everything about a new address that departs from the rule for its kind.
    package static func warnings(for address: MailboxAddress, kind: AccountKind) -> [AddressWarning] {
        var warnings: [AddressWarning] = []
        let name = address.localPart
        let words = name.utf8.split(separator: 0x5F, omittingEmptySubsequences: false)
        let isPlain = words.allSatisfy { word in
            !word.isEmpty && word.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        }
        if !isPlain { warnings.append(.characters) }
        switch kind {
        case .clerical: if !name.hasPrefix("vanthu_") { warnings.append(.missingPrefix("vanthu_")) }
        case .technical: if !name.hasPrefix("kythuat_") { warnings.append(.missingPrefix("kythuat_")) }
        case .personal: if words.count < 2 { warnings.append(.missingOrganisation) }
        // An organisation's own name stands alone (sotttt@); groups and applications have no pattern of their own.
        case .organisation, .group, .system, .service: break
        }
        if address.domain != "hanoi.gov.vn" { warnings.append(.otherDomain) }
        return warnings
    }
}
