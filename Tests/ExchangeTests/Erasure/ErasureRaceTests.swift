import EventLog
import Foundation
import TestSupport
import Testing

@testable import Exchange

@Suite("Erasures that race with appends and holds", .fewAtOnce, .serialized)
struct ErasureRaceTests {
    /// What became of an append.
    private enum Outcome: Equatable {
        case receipt(Receipt)
        case refused(ExchangeError.Code)
    }

    @Test(
        "No row of the subject can be read afterwards, and none is acknowledged behind the fence",
        .timeLimit(.minutes(4)), arguments: [1, 2, 3, 4] as [UInt64])
    func appends(_ seed: UInt64) async throws {
        let lab = try await ErasureLab()
        try await Self.race(lab.ledger, seed)
        let audit = try lab.ledger.auditKeys()
        #expect(audit.isSound, "seed \(seed): \(audit.problems)")
        #expect(lab.ledger.log.verify().isSound)
        try lab.lab.reopen()
        #expect(try lab.ledger.auditKeys() == audit)
    }

    private static func race(_ ledger: ExchangeLedger, _ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        var (appended, refused) = (0, 0)
        for round in 0..<12 {
            let (subject, start) = ("subject-\(seed)-\(round)", try ledger.log.head)
            _ = try await ledger.append([ErasureLab.declaration("\(round)-first", importer: subject)], as: "CUS")
            let (writers, wait) = (1 + dice.below(6), dice.below(60_000))
            let outcomes = try await withThrowingTaskGroup(of: [Outcome].self) { group in
                for writer in 0..<writers {
                    let agency = dice.oneIn(2) ? "CUS" : "TAX"
                    group.addTask {
                        var outcomes: [Outcome] = []
                        for number in 0..<8 {
                            let id = "\(round)-\(writer)-\(number)"
                            // Sealing the others takes time in which the erasure may come.
                            let others = (0..<25).map {
                                ErasureLab.declaration("o-\(id)-\($0)", importer: "other-\($0)", by: agency)
                            }
                            let events = [ErasureLab.declaration(id, importer: subject, by: agency)] + others
                            do throws(ExchangeError) {
                                outcomes.append(.receipt(try await ledger.append(events, as: agency)[0]))
                            } catch {
                                outcomes.append(.refused(error.code))
                            }
                        }
                        return outcomes
                    }
                }
                group.addTask {
                    try await Task.sleep(for: .microseconds(wait))
                    _ = try await ledger.erase(ErasureLab.order(subject), as: "CUS")
                    return []
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let note: Comment = "seed \(seed), round \(round)"
            let fence = try #require(try ledger.erasures().fences.last?.position)
            for outcome in outcomes {
                switch outcome {
                case .receipt(let receipt):
                    #expect(receipt.position < fence, note)
                    appended += 1
                case .refused(let code):
                    #expect(code == .subjectErased || code == .conflict, note)
                    refused += 1
                }
            }
            let seen = try await ledger.read(.all, ReadRange(from: start), for: ErasureLab.customs)
            for entry in seen { #expect(entry.event?.text.contains(subject) != true, note) }
            // What came behind the fence is of somebody else.
            for entry in try ledger.log.read(.all, ReadRange(from: fence + 1)) {
                #expect(!String(decoding: entry.bytes, as: UTF8.self).contains("\"id\":\"\(round)-"), note)
            }
        }
        #expect(appended > 0 && refused > 0, "seed \(seed): there was no race")
    }

    @Test("Of an erasure and a hold that come at once, one is refused; two erasures come one after the other")
    func holds() async throws {
        let lab = try await ErasureLab()
        let ledger = lab.ledger
        let grounds = ErasureGrounds(basis: "b")
        for round in 0..<15 {
            let subject = "s\(round)"
            _ = try await ledger.append([ErasureLab.declaration("d\(round)", importer: subject)], as: "CUS")
            async let erasing = ErasureLab.fault { _ = try await ledger.erase(ErasureLab.order(subject), as: "CUS") }
            async let again = ErasureLab.fault { _ = try await ledger.erase(ErasureLab.order(subject), as: "CUS") }
            async let holding = ErasureLab.fault {
                _ = try await ledger.hold(subject, case: "c", grounds, as: "TAX")
            }
            let erasures = try await [erasing, again].map { $0?.code }
            let held = try await holding?.code
            let register = try ledger.erasures()
            let blinded = try ledger.keys.blinded(.named(subject))
            let isErased = register.fence(of: blinded) != nil
            #expect(isErased != (register.hold(on: blinded) != nil), "round \(round): \(erasures), \(held as Any)")
            #expect(isErased == erasures.contains(nil) && isErased == (held == .subjectErased))
            #expect(erasures.allSatisfy { $0 == nil || $0 == .conflict || $0 == .subjectErased || $0 == .legalHold })
            #expect(try ledger.keyStatus().noted == nil)
        }
        #expect(try ledger.auditKeys().isSound)
    }
}
