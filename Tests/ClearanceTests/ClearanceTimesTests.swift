import Clearance
import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing
import Views

@Suite("Clearance times", .fewAtOnce)
struct ClearanceTimesTests {
    /// A release as it is told, with the texts of its times.
    private struct Release {
        let port: String?
        let flow: String?
        let time: String?
        let arrived: String?
        let lodged: String?
    }

    /// A sum as the naive way has it.
    private struct Sums: Equatable {
        var (count, seconds, early): (Int64, Int64, Int64) = (0, 0, 0)
    }

    /// A time, now and then with another offset, in another month than at the port, or with a fraction of a second.
    private static func time(_ dice: inout Dice) -> String {
        let day = "2026-0\(1 + dice.below(3))-\(dice.pick(["01", "15", "28", "31"]))"
        let date = day.hasPrefix("2026-02-3") ? "2026-02-28" : day
        let clock = String(format: "%02d:%02d:%02d", dice.below(24), dice.below(60), dice.below(60))
        let fraction = dice.oneIn(4) ? ".\(dice.within(1..<1_000_000))" : ""
        return "\(date)T\(clock)\(fraction)\(dice.pick(["Z", "+08:00", "-05:00"]))"
    }

    private static func release(_ dice: inout Dice) -> Release {
        func maybe(_ text: (inout Dice) -> String) -> String? { dice.oneIn(6) ? nil : text(&dice) }
        return Release(
            port: maybe { $0.pick(["CNSHA", "CNNGB", "2248", "a port", "洋山"]) },
            flow: maybe { $0.pick(["import", "export", "special"]) }, time: maybe(time), arrived: maybe(time),
            lodged: maybe(time))
    }

    /// In microseconds since 1970, by Foundation.
    private static func moment(_ text: String) throws -> Int64 {
        let parts = text.split(separator: ".", maxSplits: 1)
        let end = text.last == "Z" ? "Z" : String(text.suffix(6))
        let whole = parts.count == 2 ? parts[0] + end : Substring(text)
        let digits = parts.count == 2 ? parts[1].prefix(while: \.isNumber) : ""
        let date = try Date(String(whole), strategy: .iso8601)
        let fraction = Int64(String(digits.prefix(6)).padding(toLength: 6, withPad: "0", startingAt: 0)) ?? 0
        return Int64(date.timeIntervalSince1970) * 1_000_000 + fraction
    }

    private static func month(_ moment: Int64) throws -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 8 * 3_600))
        let parts = calendar.dateComponents(
            [.year, .month], from: Date(timeIntervalSince1970: Double(moment / 1_000_000)))
        return String(format: "%04d-%02d", parts.year ?? 0, parts.month ?? 0)
    }

    @Test("By port, month, flow and start, counts and seconds equal a naive sum over the releases")
    func sums() async throws {
        let lab = try await CaseLab()
        defer { lab.close() }
        var dice = LongForm.dice("clearance times")
        let releases = (0..<LongForm.scaled(400, full: 5_000)).map { _ in Self.release(&dice) }
        let events = releases.enumerated().map { number, release in
            let members = [
                ("port", release.port), ("flow", release.flow), ("arrivedAt", release.arrived),
                ("lodgedAt", release.lodged),
            ].compactMap { name, value in value.map { ",\"\(name)\":\"\($0)\"" } }.joined()
            return CaseLab.event(
                "release.completed", by: "SW", id: "r\(number)", time: release.time,
                "{\"declaration\":\"\(number)\"\(members)}")
        }
        let positions = try await lab.ledger.append(events, as: "SW").map(\.position)
        var naive: [String: Sums] = [:]
        for (release, position) in zip(releases, positions) {
            let recorded = try lab.ledger.log.entry(at: position).recorded.microseconds
            let end = try release.time.map(Self.moment) ?? recorded
            let port = release.port == "a port" ? "?" : release.port ?? "-"
            for (start, text) in [("arrival", release.arrived), ("lodgement", release.lodged)] {
                guard let begin = try text.map(Self.moment) else { continue }
                let key = "\(port) \(try Self.month(end)) \(release.flow ?? "-") \(start)"
                if begin > end {
                    naive[key, default: Sums()].early += 1
                } else {
                    naive[key, default: Sums()].count += 1
                    naive[key, default: Sums()].seconds += (end - begin) / 1_000_000
                }
            }
        }
        let times = try ClearanceTimes(in: lab.keeper)
        #expect(await times.runner.reached(try lab.ledger.log.head, timeout: .seconds(60)))
        let sums = try times.sums(for: CaseLab.customs)
        let seen = Dictionary(
            uniqueKeysWithValues: sums.map { sum in
                (
                    "\(sum.port) \(sum.month) \(sum.flow) \(sum.start.rawValue)",
                    Sums(count: sum.count, seconds: sum.seconds, early: sum.early)
                )
            })
        #expect(seen == naive, "seed \(dice.seed)")
        #expect(naive.count > 40 && naive.values.contains { $0.early > 0 }, "seed \(dice.seed)")
        let port = try times.sums(of: "CNSHA", for: CaseLab.customs)
        #expect(port.count == sums.count { $0.port == "CNSHA" } && !port.isEmpty)
        // A rebuild comes to the same.
        try await times.runner.rebuildAll()
        #expect(try times.sums(for: CaseLab.customs) == sums)
    }
}
