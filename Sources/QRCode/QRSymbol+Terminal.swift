extension QRSymbol {
    /// What a terminal shows text on.
    package enum TerminalGround: Sendable {
        /// Light text on a dark ground: light modules are drawn.
        case dark
        /// Dark text on a light ground: dark modules are drawn.
        case light
    }

    /// A drawing for a terminal, with the margin: two modules a character, one line feed behind each line.
    ///
    /// No colours are set, so that it survives logs and pagers; a scanner needs the modules the right way round, hence
    /// the choice of what is drawn.
    package func terminal(on ground: TerminalGround = .dark) -> String {
        let range = -Self.quietZone..<width + Self.quietZone
        var drawing = ""
        for row in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
            for column in range {
                let upper = isDrawn(column: column, row: row, on: ground)
                // An odd number of rows leaves half a line below the margin: drawn like the margin.
                let lower = isDrawn(column: column, row: row + 1, on: ground)
                switch (upper, lower) {
                case (true, true): drawing += "█"
                case (true, false): drawing += "▀"
                case (false, true): drawing += "▄"
                case (false, false): drawing += " "
                }
            }
            drawing += "\n"
        }
        return drawing
    }

    private func isDrawn(column: Int, row: Int, on ground: TerminalGround) -> Bool {
        isDark(column: column, row: row) == (ground == .light)
    }
}
