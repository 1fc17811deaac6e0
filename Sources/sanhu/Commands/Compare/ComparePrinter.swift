import EventLog

/// Events side by side as several readers see them, for a person.
struct ComparePrinter {
    /// How many columns there are.
    let width: Int
    let readers: [String]
    private static let leftWidth = 34
    private static let shade = "▒"
    private static let stub = String(repeating: shade, count: 3)

    /// How wide the column of a reader is.
    private var columnWidth: Int { max(12, (width - Self.leftWidth) / max(1, readers.count) - 1) }

    /// The lines of the head.
    var head: [String] {
        [line("", readers.map { ($0, .bold) })]
    }

    /// What the marks mean.
    static let legend =
        "● given   ▒▒▒▒▒▒ CUS withheld, ask customs   ▒▒▒ a stub: that it is there, and nothing else   – not in the event"

    /// The lines of an event.
    func lines(_ event: ComparedEvent) -> [String] {
        let name = event.type.hasPrefix("sanhu.") ? String(event.type.dropFirst("sanhu.".count)) : event.type
        let marks: [(String, Terminal.Colour)] = event.isSeen.map {
            $0 ? ("●", .good) : (Self.stub, .faint)
        }
        var lines = [line("\(event.position) \(name)", marks, .name)]
        let told = event.summary.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        let when = Self.portTime(event.time)
        // What not all of them see stands in the columns of those who do.
        let isOpen = event.isSeen.allSatisfy(\.self)
        let moment = "    \(when)  \(event.agency)  " + (isOpen ? Terminal.plain(told) : "")
        lines.append(Terminal.coloured(fitted(moment, width), .faint))
        if !isOpen, !told.isEmpty {
            lines.append(line("    data", event.isSeen.map { text($0 ? .given(told) : .sealed) }))
        }
        for (pointer, cells) in event.fields { lines.append(line("    " + pointer, cells.map(text))) }
        return lines
    }

    /// A time on the clocks of the port, at +08:00, to the minute.
    private static func portTime(_ text: String) -> String {
        guard let time = Timestamp(text) else { return text }
        let there = Timestamp(microseconds: time.microseconds + 8 * 3_600_000_000)
        return String(there.description.prefix(16)).replacing("T", with: " ")
    }

    private func text(_ cell: ComparedEvent.Cell) -> (String, Terminal.Colour) {
        switch cell {
        case .given(let json): (fitted(Terminal.plain(json), columnWidth - 1), .good)
        case .absent: ("–", .faint)
        case .withheld(let owner): (String(repeating: Self.shade, count: 6) + " " + owner, .bad)
        case .erased: ("erased", .bad)
        case .lost: ("lost", .bad)
        case .sealed: (Self.stub, .faint)
        }
    }

    private func line(
        _ left: String, _ cells: [(text: String, colour: Terminal.Colour)], _ colour: Terminal.Colour? = nil
    ) -> String {
        let name = padded(fitted(left, Self.leftWidth - 1), Self.leftWidth)
        let columns = cells.map { cell in
            let text = fitted(cell.text, columnWidth)
            return Terminal.coloured(text, cell.colour)
                + String(repeating: " ", count: columnWidth + 1 - Terminal.width(text))
        }
        let text = (colour.map { Terminal.coloured(name, $0) } ?? name) + columns.joined()
        return String(text.reversed().drop { $0 == " " }.reversed())
    }

    private func padded(_ text: String, _ count: Int) -> String {
        text + String(repeating: " ", count: max(0, count - Terminal.width(text)))
    }

    /// A text that takes no more columns.
    private func fitted(_ text: String, _ columns: Int) -> String {
        guard Terminal.width(text) > columns else { return text }
        var (kept, taken) = ("", 0)
        for character in text {
            let width = Terminal.width(String(character))
            guard taken + width < columns else { break }
            kept.append(character)
            taken += width
        }
        return kept + "…"
    }
}
