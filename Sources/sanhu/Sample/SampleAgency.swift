/// Who appends the events of the sample.
///
/// It plays in 2017, when customs and the inspection and quarantine service were agencies of their own and goods needed
/// the release of both: the case that a shared ledger is for.
enum SampleAgency: String, Sendable, CaseIterable {
    /// Customs, 海关.
    case customs = "CUS"
    /// Inspection and quarantine, 检验检疫, part of customs since 2018.
    case quarantine = "CIQ"
    /// The container terminal.
    case terminal = "TER"
    /// The carrier or its agent.
    case carrier = "CAR"
    /// The declarant: a customs broker, acting for the importer or exporter.
    case declarant = "DEC"
    /// The single window, 单一窗口, which appends what follows from what the agencies said.
    case singleWindow = "SW"
    /// The treasury, which confirms payments.
    case treasury = "TRE"

    /// The event's `source`: agency, office and system.
    func source(at port: SamplePort) -> String {
        "/\(rawValue)/\(office(at: port))/\(system)"
    }

    /// The office that speaks for the agency at a port.
    func office(at port: SamplePort) -> String {
        switch self {
        case .customs, .declarant: port.customsOffice
        case .quarantine: port.quarantineOffice
        case .terminal, .carrier, .singleWindow, .treasury: port.locode
        }
    }

    private var system: String {
        switch self {
        case .customs: "clearance"
        case .quarantine: "inspection"
        case .terminal: "terminal"
        case .carrier: "manifest"
        case .declarant: "broker"
        case .singleWindow: "window"
        case .treasury: "receipts"
        }
    }
}
