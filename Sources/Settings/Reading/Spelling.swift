/// Finds the name that was probably meant.
package enum Spelling {
    /// The nearest candidate, or nil when none is near: at most a third of the letters may differ, or the last part
    /// of a dotted name stands in another section.
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        let letters = Array(name.lowercased().utf8)
        guard letters.count <= 64 else { return nil }
        let allowed = min(3, letters.count / 3)
        var best: (distance: Int, name: String)?
        for candidate in candidates {
            let distance = distance(letters, Array(candidate.lowercased().utf8))
            if distance <= allowed, distance < best?.distance ?? .max { best = (distance, candidate) }
        }
        return best?.name ?? candidates.first { lastPart($0) == lastPart(name) }
    }

    private static func lastPart(_ name: String) -> Substring {
        name.split(separator: ".").last ?? ""
    }

    /// The Levenshtein distance, with two neighbours swapped counted as one step.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard !left.isEmpty else { return right.count }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let change = left[row] == right[column] ? 0 : 1
                var cost = min(last[column] + change, last[column + 1] + 1, current[column] + 1)
                let canSwap = row > 0 && column > 0 && left[row] == right[column - 1] && left[row - 1] == right[column]
                if canSwap { cost = min(cost, beforeLast[column - 1] + 1) }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
