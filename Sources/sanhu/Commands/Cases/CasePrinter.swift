import Clearance
import EventLog
import Exchange
import Views

/// Case files as a person reads them.
enum CasePrinter {
    static func show(_ file: some CaseFile) {
        Output.standard.writeLine(Terminal.coloured(Terminal.plain(file.object), .bold))
        switch file {
        case let file as DeclarationCase: show(file)
        case let file as ContainerCase: show(file)
        case let file as EnterpriseCase: show(file)
        case let file as PermitBalance: show(file)
        default: break
        }
        section("What happened")
        let rows = file.steps.map { step in
            [
                "\(step.position)", step.time ?? step.recorded.description, step.agency, step.type,
                (step.about.map { "of declaration:\($0)  " } ?? "") + details(step),
            ]
        }
        ViewTable(titles: ["POSITION", "WHEN", "BY", "WHAT", "DETAILS"], rows: rows)
            .print(orElse: "Nothing, as far as you may know.")
    }

    private static func show(_ file: DeclarationCase) {
        line("status", file.status.rawValue)
        line("office", file.lodgement?.text("office"))
        line("importer", file.lodgement?.text("importer"))
        line("exporter", file.lodgement?.text("exporter"))
        line("containers", file.containers.isEmpty ? nil : file.containers.joined(separator: ", "))
        section("Agencies")
        let requirements = file.requirements.map { requirement in
            [
                (requirement.isMet ? "✓ " : requirement.state == .refused ? "✗ " : "… ") + requirement.agency,
                requirement.state.rawValue, requirement.condition ?? "",
                "\(requirement.because) at \(requirement.since)",
            ]
        }
        ViewTable(titles: ["AGENCY", "STATE", "CONDITION", "BECAUSE OF"], rows: requirements)
            .print(orElse: "None has to release.")
        show(file.holds)
        if !file.obligations.isEmpty {
            section("Obligations")
            let rows = file.obligations.map { [$0.kind.rawValue, $0.reference, $0.due ?? "", $0.state.rawValue] }
            ViewTable(titles: ["KIND", "OF", "DUE", "STATE"], rows: rows).print(orElse: "")
        }
        if !file.permits.isEmpty {
            section("Permits")
            let rows = file.permits.map { use in
                [
                    use.permit, use.item.map { "\($0)" } ?? "", use.quantity.map { "\($0)" } ?? "", use.state.rawValue,
                ]
            }
            ViewTable(titles: ["PERMIT", "ITEM", "WRITTEN OFF", "STATE"], rows: rows).print(orElse: "")
        }
        section("Release")
        let decision = file.releaseDecision()
        if decision.isReleased { Output.standard.writeLine(Terminal.coloured("It is released.", .good)) }
        if decision.mayBeReleased { Output.standard.writeLine(Terminal.coloured("It may be released.", .good)) }
        if !decision.missing.isEmpty {
            Output.standard.writeLine(decision.isReleased ? "What stands against it now:" : "What is missing:")
        }
        for gap in decision.missing {
            Output.standard.writeLine("  " + Terminal.coloured(Terminal.plain(gap.text), .bad))
        }
    }

    private static func show(_ file: ContainerCase) {
        line("location", file.location)
        line("last move", file.lastMove?.text("move"))
        line("declarations", file.declarations.isEmpty ? nil : file.declarations.joined(separator: ", "))
        show(file.holds)
    }

    private static func show(_ file: EnterpriseCase) {
        for rating in file.ratings { line(rating.text("scheme") ?? "rating", rating.text("rating")) }
        line("violations", "\(file.violations.count)")
        line("declarations", "\(file.declarations.count)")
        show(file.holds)
    }

    private static func show(_ file: PermitBalance) {
        let unit = file.unit.map { " " + $0 } ?? ""
        line("issued", file.issued.map { "\($0)\(unit)" })
        line("left", file.left.map { "\($0)\(unit)" })
        section("Written off")
        let rows = file.writeOffs.map {
            ["\($0.position)", $0.declaration, "\($0.item)", "\($0.quantity)", $0.state.rawValue]
        }
        ViewTable(titles: ["POSITION", "DECLARATION", "ITEM", "QUANTITY", "STATE"], rows: rows).print(
            orElse: "Nothing.")
    }

    private static func show(_ holds: [Hold]) {
        guard !holds.isEmpty else { return }
        section("Holds")
        let rows = holds.map { hold in
            [
                hold.agency, hold.legalBasis ?? "", hold.scope ?? "", hold.lifted.map { "lifted at \($0)" } ?? "active",
                hold.id,
            ]
        }
        ViewTable(titles: ["AGENCY", "BASIS", "SCOPE", "STATE", "HOLD"], rows: rows).print(orElse: "")
    }

    private static func section(_ title: String) {
        Output.standard.writeLine("")
        Output.standard.writeLine(Terminal.coloured(title, .name))
    }

    private static func line(_ name: String, _ value: String?) {
        if let value { Output.standard.writeLine("\(name): \(Terminal.plain(value))") }
    }

    /// The fields of a step but the number of the declaration, with what is withheld or gone.
    private static func details(_ step: CaseStep) -> String {
        let plain = ["declaration", "localReference"]
        let parts = step.fields.filter { !plain.contains($0.name) }.compactMap { name, value -> String? in
            switch value {
            case .json(let json): "\(name)=\(String(decoding: json, as: UTF8.self))"
            case .withheld(let reason):
                "\(name) " + HiddenText.withheld(reason.sharingClass.rawValue, owner: reason.owner)
            case .erased: "\(name) erased"
            case .lost: "\(name) lost"
            case .missing: nil
            }
        }
        return (parts + step.longFields.map { "\($0) too long, read the event" }).joined(separator: "  ")
    }
}
