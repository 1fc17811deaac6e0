import EventLog
import Foundation
import JSON
import TestSupport
import Testing

@testable import Exchange
@testable import Views

/// A ledger with permits, declarations to be released, and two rules about them.
struct RuleLab: Sendable {
    static let issued = "sanhu.permit.issued"
    static let writtenOff = "sanhu.permit.writtenoff"
    static let adjusted = "sanhu.permit.adjusted"
    static let released = "sanhu.release.completed"
    static let noted = "sanhu.secret.noted"
    static let customs = "CUS"

    let lab: ViewLab
    var ledger: ExchangeLedger { lab.ledger }

    /// - Parameter records: Whether the charter lets the platform record breaches.
    init(records: Bool = true) async throws {
        lab = try await ViewLab()
        var changes = [
            #"{"op":"put","kind":"agency","value":{"code":"SW","title":"单一窗口","kind":"authority"}}"#,
            #"{"op":"put","kind":"source","value":{"prefix":"/SW","agency":"SW"}}"#,
            #"{"op":"put","kind":"power","value":{"id":"cus-permit","agency":"CUS","types":["sanhu.permit.*","sanhu.release.*","sanhu.deadline.*"]}}"#,
            #"{"op":"put","kind":"power","value":{"id":"tax-permit","agency":"TAX","types":["sanhu.permit.*"]}}"#,
            #"{"op":"put","kind":"power","value":{"id":"sw","agency":"SW","types":["sanhu.rule.*","sanhu.deadline.*"]}}"#,
        ]
        let plain =
            #""permit":{"type":"string","x-tag":{"kind":"permit"}},"quantity":{"type":"integer"},"item":{"type":"string"}"#
        let secret = #"{"class":"restricted","compartment":"method","owner":"CUS","bytes":64}"#
        changes += [
            Self.schema(Self.issued, "{\"type\":\"object\",\"properties\":{\(plain)}}"),
            Self.schema(Self.writtenOff, "{\"type\":\"object\",\"properties\":{\(plain)}}"),
            Self.schema(
                Self.adjusted,
                "{\"type\":\"object\",\"properties\":{\(plain),\"secret\":{\"type\":\"integer\",\"x-sharing\":\(secret)}}}"
            ),
            Self.schema(
                Self.released,
                #"{"type":"object","properties":{"declaration":{"type":"string","x-tag":{"kind":"declaration"}}}}"#),
            Self.schema(
                "sanhu.deadline.passed",
                #"{"type":"object","properties":{"declaration":{"type":"string","x-tag":{"kind":"declaration"}},"count":{"type":"integer"}}}"#
            ),
        ]
        if records {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            let file = root.appendingPathComponent("Schemas/rule.breached.schema.json")
            changes.append(
                Self.schema("sanhu.rule.breached", String(decoding: try Data(contentsOf: file), as: UTF8.self)))
        }
        try await lab.amend(changes.joined(separator: ","), id: "rules")
    }

    private static func schema(_ type: String, _ document: String) -> String {
        #"{"op":"put","kind":"schema","value":{"uri":"\#(uri(type))","type":"\#(type)","document":\#(document)}}"#
    }

    static func uri(_ type: String) -> String { "urn:test:\(type):1" }

    static func event(_ type: String, id: String, by agency: String = customs, _ data: String) -> AgencyEvent {
        ViewLab.event(type, uri(type), id: id, source: "/\(agency)/1", data)
    }

    static func issue(_ permit: String, _ quantity: Int, id: String) -> AgencyEvent {
        event(issued, id: id, #"{"permit":"\#(permit)","quantity":\#(quantity)}"#)
    }

    static func writeOff(
        _ permit: String, _ quantity: Int, item: String, id: String, by agency: String = customs
    ) -> AgencyEvent {
        event(writtenOff, id: id, by: agency, #"{"permit":"\#(permit)","quantity":\#(quantity),"item":"\#(item)"}"#)
    }

    static func release(_ declaration: String, id: String) -> AgencyEvent {
        event(released, id: id, #"{"declaration":"\#(declaration)"}"#)
    }

    // MARK: Rules

    /// What is left of a permit, and what was written off.
    struct Balance: Sendable {
        var left: Int64 = 0
        var items: [String: Position] = [:]
        var writeOffs: [Position] = []

        mutating func take(_ event: LedgerEvent) throws(RuleFault) {
            guard let data = event.data else { return }
            let quantity = data["quantity"]?.integer ?? data["secret"]?.integer
            guard let quantity else { throw RuleFault("There is no quantity.") }
            guard event.type == RuleLab.writtenOff else {
                left += event.type == RuleLab.adjusted ? -quantity : quantity
                if event.type == RuleLab.adjusted { writeOffs.append(event.position) }
                return
            }
            left -= quantity
            items[data["item"]?.string ?? ""] = event.position
            writeOffs.append(event.position)
        }

        func finding(on event: LedgerEvent) -> Rule.Finding {
            guard let quantity = event.data?["quantity"]?.integer, let item = event.data?["item"]?.string else {
                return .broken(against: [], remedy: "Give quantity and item.")
            }
            if let known = items[item] { return .broken(against: [known], remedy: "Item \(item) is written off.") }
            return left >= quantity
                ? .satisfied : .broken(against: writeOffs, remedy: "At most \(left) can be written off.")
        }
    }

    /// A balance that never goes below zero, with one write-off for each item.
    static func balance(_ effect: Rule.Effect = .refuse) -> Rule {
        Rule(
            name: "permit-balance", version: 1, types: [writtenOff],
            requirement: "A permit is written off up to its quantity, and each item once.", effect: effect,
            looks: { event in event.tag(ofKind: "permit").map { Rule.Scope($0, types: [issued, writtenOff, adjusted]) }
            },
            initial: Balance(),
            fold: { (balance, event) throws(RuleFault) in try balance.take(event) },
            requires: { balance, event in balance.finding(on: event) })
    }

    /// Goods are released once.
    static let oneRelease = Rule(
        name: "one-release", version: 1, types: [released], requirement: "Goods are released once.",
        looks: { event in event.tag(ofKind: "declaration").map { Rule.Scope($0, types: [released]) } },
        initial: [Position](), fold: { releases, event in releases.append(event.position) },
        requires: { releases, _ in
            releases.isEmpty ? .satisfied : .broken(against: releases, remedy: "They are released already.")
        })

    func book(_ effect: Rule.Effect = .refuse) throws -> Rulebook {
        try Rulebook(of: ledger, rules: [Self.balance(effect), Self.oneRelease])
    }
}
