/// Notices answers that are overdue without a timer or a clock reading for each command.
///
/// Answers come in the order of the commands, so one count of commands sent and one of answers received tell which
/// are open; the count sent is noted at every tick, and what was sent `marks.count` ticks ago must be answered now.
struct AnswerWatch {
    private(set) var sent: UInt64 = 0
    private(set) var answered: UInt64 = 0
    private var marks: [UInt64]
    private var cursor = 0
    private(set) var idleTicks = 0

    /// Makes a watch.
    /// - Parameter patience: Ticks in a timeout; a command is overdue between one tick less and the whole timeout.
    init(patience: Int) {
        marks = Array(repeating: 0, count: max(1, patience - 1))
    }

    /// Commands without an answer.
    var inFlight: Int { Int(sent - answered) }

    mutating func noteSent() {
        sent += 1
        idleTicks = 0
    }

    mutating func noteAnswered() {
        answered += 1
    }

    /// To be called at each tick; true when an answer is overdue.
    mutating func tick() -> Bool {
        let due = marks[cursor]
        marks[cursor] = sent
        cursor = (cursor + 1) % marks.count
        idleTicks += 1
        return answered < due
    }
}
