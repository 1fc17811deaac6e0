import ArgumentParser
import Audit
import Clearance
import EventLog
import Exchange
import Foundation
import JSON
import Views

/// `sanhu replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play what happened, one event after another, with the state as it was known then.",
        discussion: """
            Of an object with a case file, its events with the file after each; of --type and --tag, these events with how many \
            there were. On a terminal they follow one another as they were recorded, sixty times as fast, with no pause longer \
            than --longest; --step waits for Enter after each (q ends). Else each is a line of JSON, without a pause unless \
            --speed is given.

            EXAMPLES
              sanhu replay declaration:1 --as CUS
              sanhu replay declaration:1 --as CUS --from 3 --to 6 | jq .changes
              sanhu replay --type sanhu.hold.placed --as MSA --speed 3600x --longest 1
              sanhu replay container:MSKU1234565 --as CUS --step
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "The object: declaration:…, lrn:…, container:…, enterprise:… or permit:….")
    var object: String?

    @OptionGroup var match: MatchOptions

    @OptionGroup var reading: ReaderOptions

    @Option(name: .long, help: "From this moment on: a position, or a time recorded.")
    var from: String?

    @Option(name: .long, help: "Up to this one; else now.")
    var to: String?

    @Option(name: .long, help: "So many times as fast as it was recorded: 60x.")
    var speed: String?

    @Option(name: .long, help: "The longest pause, in seconds.")
    var longest: Double = 5

    @Flag(name: .long, help: "One event for each Enter.")
    var step = false

    @Option(name: .long, help: "text or json; else as standard output is a terminal or not.")
    var format: CaseCommand.Format?

    func validate() throws {
        guard reading.claim.agency != nil else { throw ValidationError("Who asks? Give --as AGENCY.") }
        guard reading.asOf == nil else { throw ValidationError("--from and --to take the place of --as-of.") }
        try reading.refusePages()
        guard !step || speed == nil else { throw ValidationError("Give --speed or --step.") }
        if let speed, ReplayPlayer.speed(speed) == nil {
            throw ValidationError("“\(speed)” is no speed. Write for example 60x.")
        }
        guard longest >= 0, longest <= 86_400 else { throw ValidationError("--longest is from 0 to 86400 seconds.") }
        _ = try (subject, moments)
    }

    private var subject: ReplayReel.Subject {
        get throws {
            if let object {
                guard match.type.isEmpty, match.tag.isEmpty else {
                    throw ValidationError("Give an object, or --type and --tag.")
                }
                guard CaseFiles.has(object) else {
                    throw ValidationError(
                        "“\(object)” has no case file: only \(CaseFiles.kinds.joined(separator: ", ")) have. Give --tag."
                    )
                }
                return .object(object)
            }
            guard !match.type.isEmpty || !match.tag.isEmpty else {
                throw ValidationError("Of what? Give an object, or --type or --tag.")
            }
            return .query(Query(types: match.type, tags: try match.tag.map { try Tag($0) }))
        }
    }

    private var moments: (from: Moment?, to: Moment) {
        get throws {
            do throws(ReplayError) {
                let first = from == nil ? nil : try Moment(known: from)
                return (first, try Moment(known: to))
            } catch {
                throw ValidationError(error.reason)
            }
        }
    }

    private var pace: ReplayPlayer.Pace {
        if step { return .stepped }
        if let speed = speed.flatMap(ReplayPlayer.speed) { return .scaled(speed, longest: longest) }
        return Terminal.isInteractive ? .scaled(60, longest: longest) : .atOnce
    }

    func run() async throws {
        let (subject, moments, reader, pace) = (try subject, try moments, reading.reader ?? .public, pace)
        let isText = (format ?? (Terminal.isInteractive ? .text : .json)) == .text
        let writing = WritingOptions(of: ledger, key: reading.claim.key)
        let player = ReplayPlayer(
            pace, now: { ProcessInfo.processInfo.systemUptime },
            sleep: { try await Task.sleep(for: .seconds($0)) },
            prompt: { readLine().map { $0 != "q" } ?? false })
        try await ReplaySession.with(.file(object ?? ""), writing) { replay in
            let reel = try await ReplayReel(subject, in: replay, from: moments.from, to: moments.to, for: reader)
            try await player.play(reel) { frame in
                if isText {
                    ReplayPrinter.show(frame)
                } else {
                    var writer = JSONWriter()
                    frame.write(to: &writer)
                    writer.endLine()
                    Output.standard.write(writer.bytes)
                }
                // Who watches sees each event when it is its turn.
                if pace != .atOnce { Output.standard.flush() }
            }
        }
        Output.standard.flush()
    }
}
