import EventLog
import Foundation
import JSON
import TestSupport
import Testing
import Transparency

@testable import Exchange

@Suite("An answer that was changed does not verify", .fewAtOnce)
struct ReadTamperingTests {
    /// An answer to the tax office of two declarations, a flag that is a stub, and a seizure.
    private struct Answer {
        let world: VerifyingLab
        let lines: [String]

        init() async throws {
            world = try await VerifyingLab()
            _ = try await world.ledger.append(
                [
                    LedgerLab.declaration("d1", buyer: "Li"), LedgerLab.declaration("d2", price: 5),
                    LedgerLab.event("sanhu.risk.flagged", LedgerLab.flagged, id: "f", #"{"object":"C"}"#),
                    LedgerLab.event(
                        "sanhu.risk.seized", VerifyingLab.seizure, id: "s", #"{"object":"o","informant":"n"}"#),
                ],
                as: "CUS")
            lines = try await world.lines(
                .all, ReadRange(from: 2), for: Reader(.authority, agency: "TAX", purpose: "duty"))
            try #require(lines.count == 6)
            #expect(try world.fault(lines) == nil)
        }

        /// What is said of the answer with a line changed.
        func fault(
            _ index: Int, _ old: String, _ new: String, sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> ReadVerificationError? {
            var changed = lines
            changed[index] = lines[index].replacing(old, with: new, maxReplacements: 1)
            #expect(changed != lines, "“\(old)” is not in line \(index + 1)", sourceLocation: sourceLocation)
            return try world.fault(changed)
        }

        /// The disclosures of a line, as they are written.
        func disclosures(_ index: Int) throws -> [String] {
            let root = try JSONDocument(parsing: Array(lines[index].utf8)).root
            return try #require(root["disclosures"]).elements.compactMap(\.string)
        }
    }

    private static func reworked(_ disclosure: String, _ old: String, _ new: String) throws -> String {
        let json = String(decoding: try #require(Base64.decode(disclosure, .url)), as: UTF8.self)
        let changed = json.replacing(old, with: new)
        try #require(changed != json)
        return Base64.encode(Array(changed.utf8), .url)
    }

    @Test("A value, a salt, a name or their order that was changed")
    func disclosures() async throws {
        let answer = try await Answer()
        let given = try answer.disclosures(1)[0]
        let json = String(decoding: try #require(Base64.decode(given, .url)), as: UTF8.self)
        let salt = String(json.split(separator: "\"")[1])
        let changes = try [
            Self.reworked(given, #"{"price":100}"#, #"{"price":101}"#),
            Self.reworked(given, salt, "A" + salt.dropFirst(2)),
            Self.reworked(given, "commercial", "commercials"),
            Self.reworked(given, #"["\#(salt)","commercial","#, #"["commercial","\#(salt)","#),
        ]
        for changed in changes {
            let fault = try answer.fault(1, given, changed)
            #expect(fault?.code == .foreignDisclosure && fault?.line == 2, "\(String(describing: fault))")
        }
        let order = try Self.reworked(given, #""commercial",{"price":100}"#, #"{"price":100},"commercial""#)
        #expect(try answer.fault(1, given, order)?.code == .malformedDisclosure)
        #expect(try answer.fault(1, given, given + "=")?.code == .malformedDisclosure)
        #expect(try answer.fault(1, given, "")?.code == .malformedDisclosure)
    }

    @Test("A disclosure of another entry, one that is repeated, and one that is added")
    func foreign() async throws {
        let answer = try await Answer()
        let (first, second) = (try answer.disclosures(1)[0], try answer.disclosures(2)[0])
        #expect(try answer.fault(1, first, second)?.code == .foreignDisclosure)
        #expect(try answer.fault(1, "\"\(first)\"", "\"\(first)\",\"\(first)\"")?.code == .repeatedDisclosure)
        #expect(try answer.fault(1, "\"\(first)\"", "\"\(first)\",\"\(second)\"")?.code == .foreignDisclosure)
        // What is within a disclosure that is not there.
        let whole = try answer.disclosures(4)
        #expect(whole.count == 1)
        #expect(try answer.fault(4, whole[0], first)?.code == .foreignDisclosure)
    }

    @Test("What is withheld and not listed, listed and not there, or listed twice")
    func accounts() async throws {
        let answer = try await Answer()
        let buyer = #""withheld":[{"path":"/buyer","class":"restricted","compartment":"personal","owner":"CUS"}],"#
        #expect(try answer.fault(1, buyer, "")?.code == .unaccountedDigest)
        #expect(try answer.fault(1, "/buyer", "/voyage/buyer")?.code == .unaccountedDigest)
        #expect(try answer.fault(1, "/buyer", "/number")?.code == .unfoundedPath)
        #expect(try answer.fault(1, "/buyer", "/commercial")?.code == .unfoundedPath)
        #expect(try answer.fault(1, buyer, #""absent":["/buyer","/other"],"#)?.code == .unfoundedPath)
        #expect(try answer.fault(1, buyer, buyer + #""omitted":["/buyer"],"#)?.code == .unfoundedPath)
        #expect(try answer.fault(1, buyer, buyer + #""omitted":["/x/y"],"#)?.code == .unfoundedPath)
        #expect(try answer.fault(1, buyer, buyer + #""omitted":[""],"#)?.code == .unfoundedPath)
        #expect(
            try answer.fault(1, #""disclosures":["\#(try answer.disclosures(1)[0])"],"#, "")?.code == .unaccountedDigest
        )
        // Whoever passes the answer on may take a disclosure out and say so.
        let kept = #""omitted":["/commercial"],"#
        #expect(try answer.fault(1, #""disclosures":["\#(try answer.disclosures(1)[0])"],"#, kept) == nil)
        // A seizure is sealed as a whole, and an answer cannot say otherwise.
        #expect(try answer.fault(4, #""whole":true,"#, "") != nil)
        #expect(try answer.fault(1, #""disclosures""#, #""whole":true,"disclosures""#) != nil)
    }

    @Test("An entry, a stub's leaf, a position or a proof that was changed")
    func leaves() async throws {
        let answer = try await Answer()
        #expect(try answer.fault(1, #""office":"2248""#, #""office":"2249""#)?.code == .notInLog)
        #expect(try answer.fault(1, #""agency":"CUS""#, #""agency":"TAX""#)?.code == .notInLog)
        #expect(try answer.fault(1, #","event""#, #", "event""#)?.code == .notInLog)
        let digests = try #require(answer.lines[1].firstMatch(of: /"_sd":\["([^"]+)","([^"]+)"\]/))
        let swapped = #""_sd":["\#(digests.2)","\#(digests.1)"]"#
        #expect(try answer.fault(1, String(digests.0), swapped)?.code == .notInLog)
        let stub = try #require(answer.lines[3].firstMatch(of: /"stub":"([^"]+)"/))
        let other = MerkleHash.leaf([1, 2, 3].span).base64
        #expect(try answer.fault(3, String(stub.1), other)?.code == .notInLog)
        let proof = try #require(answer.lines[3].firstMatch(of: /"proof":\["([^"]+)"/))
        #expect(try answer.fault(3, String(proof.1), other)?.code == .notInLog)
        #expect(try answer.fault(3, "\"\(proof.1)\",", "")?.code == .notInLog)
        #expect(try answer.fault(3, #""proof":["#, #""proof":["\#(other)","#)?.code == .notInLog)
        let without = answer.lines[3].replacing(/,"proof":\[.*?\]/, with: "")
        #expect(try answer.world.fault(answer.lines[..<3] + [without] + answer.lines[4...])?.code == .notInLog)
        // The entry of another position, with its own proof.
        #expect(try answer.fault(2, #""position":3"#, #""position":4"#)?.code == .missingPosition)
        let renumbered = [
            answer.lines[2].replacing(#""position":3"#, with: #""position":2"#),
            answer.lines[1].replacing(#""position":2"#, with: #""position":3"#),
        ]
        #expect(try answer.world.fault(answer.lines[..<1] + renumbered + answer.lines[3...])?.code == .notInLog)
    }

    @Test("Positions that are left out, repeated, swapped, or not asked for")
    func positions() async throws {
        let answer = try await Answer()
        let lines = answer.lines
        func fault(_ order: [Int]) throws -> ReadVerificationError.Code? {
            try answer.world.fault(order.map { lines[$0] })?.code
        }
        #expect(try fault([0, 1, 2, 4, 5]) == .missingPosition)
        #expect(try fault([0, 2, 3, 4, 5]) == .missingPosition)
        #expect(try fault([0, 1, 2, 3, 5]) == .cutShort)
        #expect(try fault([0, 1, 2, 3, 4]) == .cutShort)
        #expect(try fault([]) == .cutShort)
        #expect(try fault([0, 1, 1, 2, 3, 4, 5]) == .repeatedPosition)
        #expect(try fault([0, 2, 1, 3, 4, 5]) == .missingPosition)
        #expect(try fault([0, 1, 2, 3, 4, 5, 5]) == .malformed)
        #expect(try fault([1, 2, 3, 4, 5]) == .malformed)
        #expect(try answer.fault(5, #""entries":4"#, #""entries":3"#)?.code == .cutShort)
        #expect(try answer.fault(5, #""to":6"#, #""to":5"#)?.code == .outsideRange)
        #expect(try answer.fault(5, #""from":2"#, #""from":1"#)?.code == .outsideRange)
        let shorter = [
            lines[0], lines[1], lines[2], lines[3], lines[5].replacing(#""entries":4"#, with: #""entries":3"#),
        ]
        #expect(try answer.world.fault(shorter)?.code == .missingPosition)
        #expect(try answer.fault(0, #""to":6"#, #""to":5"#)?.code == .outsideRange)
        #expect(try answer.fault(0, #""to":6"#, #""to":7"#)?.code == .outsideRange)
        #expect(try answer.fault(0, #""from":2"#, #""from":1"#)?.code == .missingPosition)
        // An entry that the query does not match.
        let query = #""query":[{"types":["sanhu.risk.flagged"]}],"checkpoint""#
        #expect(try answer.fault(0, #""checkpoint""#, query)?.code == .unasked)
    }

    @Test("A checkpoint that was changed, is of another log, or is signed by another key")
    func checkpoints() async throws {
        let answer = try await Answer()
        let root = try #require(answer.lines[0].firstMatch(of: /ledger\\n6\\n([^\\]+)/)).1
        let other = MerkleHash.leaf([7].span).base64
        #expect(try answer.fault(0, String(root), other)?.code == .wrongCheckpoint)
        #expect(try answer.fault(0, #"ledger\n6\n"#, #"ledger\n7\n"#)?.code == .wrongCheckpoint)
        #expect(try answer.fault(0, #""origin":"port"#, #""origin":"sport"#)?.code == .wrongCheckpoint)
        let without = try #require(answer.lines[0].firstMatch(of: /,"checkpoint":"[^"]*"/)).0
        #expect(try answer.fault(0, String(without), "")?.code == .malformed)
        let stranger = try NoteSigner(name: answer.world.key.name, seed: Array(9..<41)).verifier
        let fault = #expect(throws: ReadVerificationError.self) { _ = try VerifyingLab.verify(answer.lines, stranger) }
        #expect(fault?.code == .wrongCheckpoint)
    }

    @Test("After a fault nothing more is taken")
    func poisoned() async throws {
        let answer = try await Answer()
        var verifier = ReadVerifier(key: answer.world.key)
        _ = try verifier.take(Array(answer.lines[0].utf8))
        let first = #expect(throws: ReadVerificationError.self) { _ = try verifier.take(Array("{}".utf8)) }
        let second = #expect(throws: ReadVerificationError.self) { _ = try verifier.take(Array(answer.lines[1].utf8)) }
        let last = #expect(throws: ReadVerificationError.self) { _ = try verifier.finish() }
        #expect(first != nil && first == second && second == last && first?.line == 2)
    }
}
