import Audit
import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Process mining: what holds of any log")
struct MiningPropertyTests {
    /// Texts that break out where something is not escaped.
    private static let hostile = [
        "plain", "a\"b", "<script>", "]]>", "&amp;", "'", "=1+1", "@SUM(A1)", "集装箱", "‮gnp", "a,b", "\\", "é\u{301}",
        "🚢",
    ]

    /// Reads XES as any program would.
    private final class XESReader: NSObject, XMLParserDelegate {
        var traces: [[(position: Int, type: String)]] = []
        var names: [String] = []
        private var isInEvent = false
        private var current: (position: Int, type: String) = (-1, "")

        func parser(
            _: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            switch name {
            case "trace": traces.append([])
            case "event": (isInEvent, current) = (true, (-1, ""))
            default:
                let (key, value) = (attributes["key"], attributes["value"] ?? "")
                if isInEvent, key == "position" { current.position = Int(value) ?? -1 }
                if key == "concept:name" {
                    if isInEvent { current.type = value } else if !traces.isEmpty { names.append(value) }
                }
            }
        }

        func parser(_: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            guard name == "event" else { return }
            isInEvent = false
            traces[traces.count - 1].append(current)
        }
    }

    @Test(
        "Every event that the reader sees is there once, relations lead to objects that are there, types are declared")
    func complete() async throws {
        var dice = Dice(seed: .random(in: 0...UInt64.max))
        let seed = dice.seed
        let lab = try await PortLab()
        defer { lab.close() }
        for _ in 0..<60 {
            let declaration = "D\(dice.below(5))\(dice.pick(Self.hostile))"
            let port = dice.oneIn(3) ? "" : #","port":"\#(Self.quoted(dice.pick(Self.hostile)))""#
            switch dice.below(4) {
            case 0:
                try await lab.append(
                    "declaration.lodged", by: "DEC",
                    #""declaration":"\#(Self.quoted(declaration))","kind":"\#(Self.quoted(dice.pick(Self.hostile)))","conveyance":"S\#(dice.below(3))","permits":["P\#(dice.below(3))"]\#(port)"#
                )
            case 1:
                try await lab.append(
                    "declaration.accepted", by: "CUS", #""declaration":"\#(Self.quoted(declaration))""#)
            case 2:
                try await lab.append(
                    "risk.flagged", by: "CUS", tags: ["container:C\(dice.below(3))"],
                    #""reasonClass":"smuggling","action":"physical""#)
            default:
                try await lab.append(
                    "equipment.moved", by: "CAR", tags: ["enterprise:E\(dice.below(3))"],
                    #""container":"C\#(dice.below(3))","move":"gate-in""#)
            }
        }
        for reader in [PortLab.auditor, Reader(.participant, agency: "CAR", identities: [try Tag("enterprise:E1")])] {
            let (text, summary) = try MiningTests.ocel(lab, for: reader)
            let root = try MiningTests.parsed(text)
            let events = root["events"]?.elements ?? []
            // What the reader is given by a plain read, but for what is sealed as a whole.
            let seen = try await lab.ledger.read(.all, for: reader).compactMap { entry -> String? in
                guard case .entry(let event) = entry else { return nil }
                let type = try JSONDocument(parsing: event.event).root["type"]?.string
                return type == "sanhu.risk.flagged" ? nil : "\(event.position)"
            }
            #expect(events.compactMap { $0["id"]?.string } == seen, "seed \(seed)")
            #expect(summary.events == seen.count)
            let objects = Set((root["objects"]?.elements ?? []).compactMap { $0["id"]?.string })
            #expect(objects.count == root["objects"]?.elements.count && objects.count == summary.objects)
            for element in events + (root["objects"]?.elements ?? []) {
                for relation in element["relationships"]?.elements ?? [] {
                    #expect(objects.contains(relation["objectId"]?.string ?? ""), "seed \(seed)")
                }
            }
            try expectDeclared(events, root["eventTypes"], seed)
            try expectDeclared(root["objects"]?.elements ?? [], root["objectTypes"], seed)
            try expectTraces(lab, reader, events, seed)
        }
    }

    private static func quoted(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    /// Every type that occurs is declared, with every attribute that it has.
    private func expectDeclared(_ elements: [JSONValue], _ types: JSONValue?, _ seed: UInt64) throws {
        var declared: [String: Set<String>] = [:]
        for type in types?.elements ?? [] {
            declared[type["name"]?.string ?? ""] = Set(
                (type["attributes"]?.elements ?? []).compactMap { $0["name"]?.string })
        }
        #expect(declared.count == types?.elements.count)
        for element in elements {
            let names = try #require(declared[element["type"]?.string ?? ""], "seed \(seed)")
            for attribute in element["attributes"]?.elements ?? [] {
                #expect(names.contains(attribute["name"]?.string ?? ""), "seed \(seed)")
            }
        }
    }

    /// Each object of a kind has one trace, of the events that name it.
    private func expectTraces(_ lab: PortLab, _ reader: Reader, _ events: [JSONValue], _ seed: UInt64) throws {
        for kind in ["declaration", "container"] {
            let text = try MiningTests.xes(lab, kind, for: reader).text
            let (parser, read) = (XMLParser(data: Data(text.utf8)), XESReader())
            parser.delegate = read
            #expect(parser.parse(), "seed \(seed): \(String(describing: parser.parserError))")
            var expected: [String: [Int]] = [:]
            for event in events {
                for relation in event["relationships"]?.elements ?? [] {
                    guard let id = relation["objectId"]?.string, id.hasPrefix(kind + ":"),
                        let position = event["id"]?.string.flatMap({ Int($0) })
                    else { continue }
                    let name = String(id.dropFirst(kind.count + 1))
                    if expected[name]?.last != position { expected[name, default: []].append(position) }
                }
            }
            #expect(Set(read.names) == Set(expected.keys) && read.names.count == expected.count, "seed \(seed)")
            for (name, trace) in zip(read.names, read.traces) {
                #expect(trace.map(\.position) == expected[name], "seed \(seed): \(name)")
            }
        }
    }

    @Test("A ledger without port's events gives whole documents")
    func empty() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        let root = try MiningTests.parsed(try MiningTests.ocel(lab, at: 0).text)
        #expect(root["events"]?.elements.isEmpty == true && root["objects"]?.elements.isEmpty == true)
        #expect(root["eventTypes"]?.elements.isEmpty == true && root["objectTypes"]?.elements.count == 5)
        let (text, summary) = try MiningTests.xes(lab, "declaration", at: 0)
        #expect(text.hasSuffix("</log>\n") && summary == MiningSummary())
    }
}
