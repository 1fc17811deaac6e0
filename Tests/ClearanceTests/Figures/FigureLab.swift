import Clearance
import EventLog
import Exchange
import JSON
import Testing
import Views

/// A ledger of the port with its figures.
struct FigureLab {
    let lab: CaseLab
    let figures: PortFigures

    init() async throws {
        lab = try await CaseLab()
        figures = try PortFigures(in: lab.keeper)
    }

    func close() { lab.close() }

    /// Appends an event: `type agency time data`.
    @discardableResult
    func append(
        _ type: String, _ agency: String, _ time: String?, id: String? = nil, _ data: String
    ) async throws -> Position {
        let id = try id ?? "\(type)-\(lab.ledger.log.head)"
        let event = CaseLab.event(type, by: agency, id: id, time: time, "{\(data)}")
        return try await lab.ledger.append([event], as: agency)[0].position
    }

    func reach() async throws {
        #expect(await figures.runner.reached(try lab.ledger.log.head, timeout: .seconds(60)), "\(figures.runner.state)")
    }

    func report(
        _ codes: String..., of selection: FigureSelection = FigureSelection(), at position: Position? = nil
    ) async throws -> FigureReport {
        try await reach()
        return try await figures.report(
            codes.isEmpty ? nil : Set(codes), of: selection, at: position, for: CaseLab.customs)
    }

    /// The total of a figure, as hits and count, or as the values with how often each came.
    func total(_ code: String, at position: Position? = nil) async throws -> FigureMeasure {
        try #require(try await report(code, at: position).table(code)).total
    }
}
