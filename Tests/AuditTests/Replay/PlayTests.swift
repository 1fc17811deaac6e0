import Audit
import Clearance
import EventLog
import Exchange
import JSON
import Synchronization
import TestSupport
import Testing
import Views

@Suite("Playing", .fewAtOnce)
struct PlayTests {
    /// A clock that goes on when somebody sleeps, and notes for how long.
    private final class Sleeper: Sendable {
        private let state = Mutex((now: 0.0, pauses: [Double]()))

        var now: Double { state.withLock(\.now) }
        var pauses: [Double] { state.withLock(\.pauses) }

        func sleep(_ seconds: Double) {
            state.withLock {
                $0.now += seconds
                $0.pauses.append(seconds)
            }
        }

        /// Time that passes while nobody sleeps.
        func pass(_ seconds: Double) { state.withLock { $0.now += seconds } }
    }

    private static func story(_ lab: ReplayLab) async throws -> [Position] {
        lab.set(minutes: 0)
        let lodged = try await lab.lodge()
        lab.set(minutes: 1)
        let hold = try await lab.append(
            "hold.placed", by: "MSA", id: "h-1", #""declaration":"1","scope":"all","legalBasis":"Art. 5""#)
        lab.set(minutes: 61)
        let lifted = try await lab.append("hold.lifted", by: "MSA", #""declaration":"1","hold":"h-1""#)
        return [lodged, hold, lifted]
    }

    private static func reel(
        _ lab: ReplayLab, _ subject: ReplayReel.Subject = .object("declaration:1"), from: Moment? = nil,
        to: Moment = .present, for reader: Reader = ReplayLab.customs
    ) async throws -> ReplayReel {
        try await ReplayReel(subject, in: lab.replay, from: from, to: to, for: reader)
    }

    private static func play(_ player: ReplayPlayer, _ reel: ReplayReel) async throws -> [ReplayFrame] {
        var frames: [ReplayFrame] = []
        try await player.play(reel) { frames.append($0) }
        return frames
    }

    @Test func `events come one after another, each with the state as it was known then`() async throws {
        let lab = try await ReplayLab()
        defer { lab.close() }
        let positions = try await Self.story(lab)
        let sleeper = Sleeper()
        let player = ReplayPlayer(.atOnce, now: { sleeper.now }, sleep: { sleeper.sleep($0) })
        let frames = try await Self.play(player, try await Self.reel(lab))
        #expect(frames.map(\.position) == positions && sleeper.pauses.isEmpty)
        for frame in frames {
            let answer = try await lab.replay.answer(
                .file("declaration:1"), at: Moment(position: frame.position + 1), for: ReplayLab.customs)
            #expect(answer.lines == [frame.state])
        }
        #expect(frames[1].difference.changes.contains { $0.path.hasPrefix("holds") && $0.kind == .appeared })
        #expect(frames[2].difference.changes.contains { $0.path.hasSuffix("lifted") && $0.kind == .appeared })
        let part = try await Self.play(
            player, try await Self.reel(lab, from: Moment(position: positions[1]), to: Moment(position: positions[2])))
        #expect(part.map(\.position) == [positions[1]])
        #expect(part[0].difference == frames[1].difference, "what was known before the first counts")

        let types = try await Self.play(
            player, try await Self.reel(lab, .query(Query(types: ["sanhu.hold.placed", "sanhu.hold.lifted"]))))
        #expect(types.map(\.position) == Array(positions.dropFirst()))
        #expect(
            types.last.map { String(decoding: $0.state, as: UTF8.self) }
                == #"{"sanhu.hold.lifted":1,"sanhu.hold.placed":1}"#)
    }

    @Test func `pauses are those of the recorded times, scaled, no longer than said, and counted from the beginning`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        _ = try await Self.story(lab)
        let reel = try await Self.reel(lab)
        func pauses(_ speed: Double, longest: Double, working: Double = 0) async throws -> [Double] {
            let sleeper = Sleeper()
            let player = ReplayPlayer(
                .scaled(speed, longest: longest), now: { sleeper.now }, sleep: { sleeper.sleep($0) })
            try await player.play(reel) { _ in sleeper.pass(working) }
            return sleeper.pauses
        }
        #expect(try await pauses(60, longest: 1_000) == [1, 60])
        #expect(try await pauses(1, longest: 100_000) == [60, 3_600])
        #expect(try await pauses(60, longest: 5) == [1, 5])
        #expect(try await pauses(60, longest: 1_000, working: 0.25) == [0.75, 59.75])
        #expect(try await pauses(60, longest: 1_000, working: 2).count == 1, "who is late does not pause")
    }

    @Test func `step by step each event waits to be asked for, and it can be ended`() async throws {
        let lab = try await ReplayLab()
        defer { lab.close() }
        let positions = try await Self.story(lab)
        let asked = Mutex(0)
        let sleeper = Sleeper()
        let player = ReplayPlayer(
            .stepped, now: { 0 }, sleep: { sleeper.sleep($0) },
            prompt: {
                asked.withLock { count in
                    count += 1
                    return count < 2
                }
            })
        let frames = try await Self.play(player, try await Self.reel(lab))
        #expect(frames.map(\.position) == Array(positions.prefix(2)))
        #expect(asked.withLock(\.self) == 2 && sleeper.pauses.isEmpty)
    }

    @Test func `a speed is read with or without its x, and nothing else is one`() {
        #expect(ReplayPlayer.speed("60x") == 60 && ReplayPlayer.speed("0.5x") == 0.5 && ReplayPlayer.speed("60") == 60)
        for text in ["", "x", "0", "-1x", "nan", "inf", "60 x", "fast"] {
            #expect(ReplayPlayer.speed(text) == nil, "\(text)")
        }
    }
}
