extension FormProblem {
    /// Every stable word for a problem; a test holds a row of a form to each.
    package enum Code: String, CaseIterable, Sendable {
        case missing
        case unreadableText = "unreadable_text"
        case phoneMissing = "phone_missing"
        case phoneMalformed = "phone_malformed"
        case phoneSeveral = "phone_several"
        case phoneOldPrefix = "phone_old_prefix"
        case phoneUnassigned = "phone_unassigned"
        case phoneForeign = "phone_foreign"
        case phoneLandline = "phone_landline"
        case passwordUnsendable = "password_unsendable"
        case addressTooLong = "address_too_long"
        case addressNotASCII = "address_not_ascii"
        case addressMalformed = "address_malformed"
        case addressForeignDomain = "address_foreign_domain"
        case addressToConfirm = "address_to_confirm"
        case addressMissing = "address_missing"
        case addressTaken = "address_taken"
        case addressRepeated = "address_repeated"
        case accountRepeated = "account_repeated"
        case addressUnknown = "address_unknown"
        case otherKind = "other_kind"
        case alreadyRecalled = "already_recalled"
        case mailboxKindUnknown = "mailbox_kind_unknown"
        case changeUnknown = "change_unknown"
        case valueWithoutPhone = "value_without_phone"
        case representativeIncomplete = "representative_incomplete"
        case valueIsNoName = "value_is_no_name"
        case locked
        case changedMeanwhile = "changed_meanwhile"
    }

    /// The stable word, for programs.
    package var code: Code {
        switch self {
        case .missing: .missing
        case .unreadableText: .unreadableText
        case .phone(_, let error): error.code
        case .landline: .phoneLandline
        case .passwordUnsendable: .passwordUnsendable
        case .address(let error): error.code
        case .addressToConfirm: .addressToConfirm
        case .addressMissing: .addressMissing
        case .addressTaken: .addressTaken
        case .repeatedAddress: .addressRepeated
        case .repeatedAccount: .accountRepeated
        case .unknownAddress: .addressUnknown
        case .otherKind: .otherKind
        case .alreadyRecalled: .alreadyRecalled
        case .unknownMailboxKind: .mailboxKindUnknown
        case .unknownChange: .changeUnknown
        case .valueWithoutPhone: .valueWithoutPhone
        case .representativeIncomplete: .representativeIncomplete
        case .valueIsNoName: .valueIsNoName
        case .locked: .locked
        case .changedMeanwhile: .changedMeanwhile
        }
    }
}

extension PhoneError {
    fileprivate var code: FormProblem.Code {
        switch self {
        case .empty: .phoneMissing
        case .tooLong, .malformed: .phoneMalformed
        case .several: .phoneSeveral
        case .oldPrefix: .phoneOldPrefix
        case .unassigned: .phoneUnassigned
        case .foreignCountry: .phoneForeign
        }
    }
}

extension AddressError {
    fileprivate var code: FormProblem.Code {
        switch self {
        case .empty: .missing
        case .tooLong: .addressTooLong
        case .notASCII: .addressNotASCII
        case .malformed: .addressMalformed
        case .foreignDomain: .addressForeignDomain
        }
    }
}
