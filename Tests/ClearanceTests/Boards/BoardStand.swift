import Clearance
import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing
import Views

/// A ledger of the port with its boards, and rows of them as JSON.
struct BoardStand {
    let lab: CaseLab
    let boards: Boards

    init() async throws {
        lab = try await CaseLab()
        boards = try Boards(in: lab.keeper, cases: lab.cases)
    }

    func close() { lab.close() }

    /// Appends an event, and waits until both views have it.
    @discardableResult
    func append(
        _ type: String, by agency: String, id: String? = nil, tags: [String] = [], time: String? = nil,
        schema: String? = nil, _ data: String
    ) async throws -> Position {
        let id = try id ?? "\(type)-\(lab.ledger.log.head)"
        let event = CaseLab.event(type, by: agency, id: id, tags: tags, time: time, schema: schema, "{\(data)}")
        let position = try await lab.ledger.append([event], as: agency)[0].position
        try await reach()
        return position
    }

    func reach() async throws {
        try await lab.reach()
        #expect(
            await boards.runner.reached(try lab.ledger.log.head, timeout: .seconds(60)), "\(boards.runner.state)")
        #expect(try boards.runner.status().parked == 0)
    }

    /// A row as its JSON reads.
    func row<Row: Board>(
        _ kind: Row.Type, _ object: String, _ question: BoardQuestion = BoardQuestion(CaseLab.customs)
    ) async throws -> JSONValue {
        try JSONDocument(parsing: try await boards.row(kind, of: object, question).json).root
    }

    /// The objects that a board lists.
    func list<Row: Board>(
        _ kind: Row.Type, of place: String = "", on day: String? = nil,
        _ question: BoardQuestion = BoardQuestion(CaseLab.customs), limit: Int = 100
    ) async throws -> [String] {
        var (objects, last): ([String], String?) = ([], nil)
        repeat {
            let page = try await boards.list(kind, of: place, on: day, question, after: last, limit: limit)
            objects += page.rows.map(\.object)
            last = page.next
        } while last != nil
        return objects
    }

    static let declarant = Reader(.participant, agency: "DEC", identities: [CaseLab.tag("agency:DEC")])
}
