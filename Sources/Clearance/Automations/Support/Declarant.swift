internal import EventLog
internal import JSON
internal import Views

/// Who is told of what becomes of a declaration (申报人).
struct Declarant: Sendable, Hashable {
    /// Through whom it was lodged.
    let agency: String
    /// The enterprise that declares, if the declaration names it as an enterprise.
    let enterprises: [String]

    /// Those for whom the single window declares.
    static let usual = "DEC"

    /// - Returns: nil if the event lodges nothing.
    init?(_ event: LedgerEvent) {
        guard event.type == CaseEvent.declarationLodged.type else { return nil }
        agency = event.agency == PortAutomations.window ? Self.usual : event.agency
        let parties = event.data?["parties"]
        let named = ["declarant", "importer", "exporter"].compactMap { parties?.text($0) }
        let known = named.first { name in
            name.utf8.count <= 64
                && event.tags.contains { $0.isOf(kind: "enterprise") && $0.value.utf8.elementsEqual(name.utf8) }
        }
        enterprises = known.map { [$0] } ?? []
    }

    init?(_ stored: JSONValue?) {
        guard let stored, let agency = stored.text("agency") else { return nil }
        self.agency = agency
        enterprises = stored.texts("enterprises")
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("agency", agency)
            writer.list("enterprises", enterprises)
        }
    }
}
