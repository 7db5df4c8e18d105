/// One value of a settings file, as written.
indirect enum JSONNode: Equatable {
    case null
    case bool(Bool)
    /// The digits as they stand: whether they fit a key is for its reader to say.
    case number(String)
    case string(String)
    case array([JSONNode])
    /// Members in the order of the file; a key may stand twice, which is for the reader to refuse.
    case object([JSONMember])
}

/// A key of an object with its value and the line it stands on, counted from 1.
struct JSONMember: Equatable {
    let key: String
    let line: Int
    let value: JSONNode
}

/// Why a text is no JSON, and where; line and column (in bytes) count from 1.
struct JSONSyntaxError: Error, Equatable {
    let line: Int
    let column: Int
    let message: String
}
