import ArgumentParser
import EventLog
import Exchange
import JSON
import Views

/// `sanhu view`.
struct ViewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view",
        abstract: "Views: what is kept ready of the log.",
        discussion: """
            A view is derived from the log: counts, how many events of each type were recorded on each day; timeline, what \
            happened to each tag.

            EXAMPLES
              sanhu view list
              sanhu view show timeline container:MSKU1234565 --as CUS
              sanhu view rebuild timeline
            """,
        subcommands: [ViewList.self, ViewShow.self, ViewRebuild.self, ViewStatusCommand.self])
}

/// Which view a command is about.
struct ViewArgument: ParsableArguments {
    @Argument(help: "The view: \(KnownViews.names.joined(separator: " or ")).")
    var view: String

    /// The view.
    var definition: ViewDefinition {
        get throws { try KnownViews.definition(of: view) }
    }
}

/// How what views hold is printed.
enum ViewFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json

    /// The one that was asked for, or that which standard output wants.
    static func chosen(_ format: ViewFormat?) -> ViewFormat { format ?? (Terminal.isInteractive ? .table : .json) }
}

/// Rows for a person, each cell as wide as its column.
struct ViewTable {
    let titles: [String]
    let rows: [[String]]

    func print(orElse nothing: String) {
        guard !rows.isEmpty else { return Output.standard.writeLine(nothing) }
        let all = [titles] + rows.map { $0.map(Terminal.plain) }
        let widths = titles.indices.map { column in all.map { Terminal.width($0[column]) }.max() ?? 0 }
        for (number, row) in all.enumerated() {
            let cells = row.indices.map { column in
                column == titles.count - 1
                    ? row[column]
                    : row[column] + String(repeating: " ", count: widths[column] - Terminal.width(row[column]))
            }
            let line = cells.joined(separator: "  ")
            Output.standard.writeLine(number == 0 ? Terminal.coloured(line, .faint) : line)
        }
    }
}

/// `sanhu view list`.
struct ViewList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The views there are, and how far they have come.",
        discussion: """
            EXAMPLES
              sanhu view list
              sanhu view list --format json | jq .lag
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(name: .long, help: "table or json; else as standard output is a terminal or not.")
    var format: ViewFormat?

    func run() throws {
        let head = try StoredHead.head(of: ledger.path)
        let made = try ViewOverview.all(inLedgerAt: ledger.path)
        // Those that come with the program and have not been made yet are at 0.
        let titles = KnownViews.all.map(\.title)
        let all = Set(titles).union(made.map(\.title)).sorted().map { title in
            (title, made.first { $0.title == title })
        }
        switch ViewFormat.chosen(format) {
        case .json:
            for (title, view) in all {
                Output.standard.writeObject { writer in
                    writer.member("view", title)
                    writer.member("position", Int64(view?.position ?? 0))
                    writer.member("lag", Int64(head - min(head, view?.position ?? 0)))
                    writer.member("parked", Int64(view?.parked ?? 0))
                    writer.member("bytes", Int64(view?.bytes ?? 0))
                }
            }
        case .table:
            let rows = all.map { title, view in
                [
                    title, view.map { "\($0.position)" } ?? "–", "\(head - min(head, view?.position ?? 0))",
                    "\(view?.parked ?? 0)", "\(view?.bytes ?? 0)",
                ]
            }
            ViewTable(titles: ["VIEW", "POSITION", "BEHIND", "PARKED", "BYTES"], rows: rows).print(orElse: "")
        }
        Output.standard.flush()
    }
}

/// `sanhu view status`.
struct ViewStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "How far a view has come, and what it skipped.",
        discussion: """
            The state is what the process says that keeps it: catchingUp, live, rebuilding, parked, retrying or stopped, \
            with the reason. If nobody keeps it, it is missing, behind or current.

            EXAMPLES
              sanhu view status timeline
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var argument: ViewArgument

    func run() throws {
        let title = try argument.definition.title
        let head = try StoredHead.head(of: ledger.path)
        let view = try ViewOverview.all(inLedgerAt: ledger.path).first { $0.title == title }
        let position = view?.position ?? 0
        Output.standard.writeObject { writer in
            writer.member("view", title)
            writer.member("state", view?.keeping?.state ?? Self.word(of: view, head))
            if let reason = view?.keeping?.reason { writer.member("reason", reason) }
            if let rebuilt = view?.keeping?.rebuilt { writer.member("rebuilt", Int64(rebuilt)) }
            if let process = view?.keeping?.process { writer.member("process", Int64(process)) }
            writer.member("position", Int64(position))
            writer.member("head", Int64(head))
            writer.member("lag", Int64(head - min(head, position)))
            writer.member("parked", Int64(view?.parked ?? 0))
            writer.member("bytes", Int64(view?.bytes ?? 0))
        }
        Output.standard.flush()
    }

    /// The word for a view that nobody keeps at the moment.
    private static func word(of view: ViewOverview?, _ head: Position) -> String {
        view.map { $0.position < head ? "behind" : "current" } ?? "missing"
    }
}

/// `sanhu view rebuild`.
struct ViewRebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make a view anew from the log, and put it in the place of the old one.",
        discussion: """
            EXAMPLES
              sanhu view rebuild timeline
            """)

    @OptionGroup var writing: WritingOptions
    @OptionGroup var argument: ViewArgument

    func run() async throws {
        let definition = try argument.definition
        let session = try ViewSession(writing, definition)
        defer { session.close() }
        let bar = ProgressBar("rebuilding")
        let head = try session.ledger.log.head
        let watch = Task {
            while !Task.isCancelled {
                if case .rebuilding(let position) = session.runner.state { bar.show(position, head) }
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        defer {
            watch.cancel()
            bar.finish()
        }
        try await session.runner.rebuildAll()
        let status = try session.runner.status()
        Output.standard.writeObject { writer in
            writer.member("rebuilt", definition.title)
            writer.member("position", Int64(status.position))
            writer.member("parked", Int64(status.parked))
        }
        Output.standard.flush()
    }
}

extension ProgressBar: @unchecked Sendable {}

/// A ledger with views of it, brought up to the head.
struct ViewSession: Sendable {
    let ledger: ExchangeLedger
    private let keeper: ViewKeeper
    let runner: ViewRunner
    /// All views that were opened, in the order in which they were given.
    let runners: [ViewRunner]

    init(_ writing: WritingOptions, _ definition: ViewDefinition, _ others: ViewDefinition...) throws {
        try self.init(writing, all: [definition] + others)
    }

    /// - Parameter definitions: At least one.
    init(_ writing: WritingOptions, all definitions: [ViewDefinition]) throws {
        guard let definition = definitions.first else { preconditionFailure("There is a view to open.") }
        let others = definitions.dropFirst()
        ledger = try writing.openExchange()
        let keeper = try ViewKeeper(of: ledger)
        self.keeper = keeper
        runner = try keeper.open(definition)
        runners = [runner] + (try others.map { try keeper.open($0) })
    }

    /// Waits until the views are at the head, with a progress bar.
    func catchUp() async throws {
        let bar = ProgressBar("catching up")
        defer { bar.finish() }
        let head = try ledger.log.head
        for runner in runners { try await catchUp(runner, head, bar) }
    }

    private func catchUp(_ runner: ViewRunner, _ head: Position, _ bar: ProgressBar) async throws {
        while !(await runner.reached(head, timeout: .milliseconds(100))) {
            switch runner.state {
            case .stopped(let error), .retrying(let error): throw error
            default: break
            }
            bar.show(try runner.status().position, head)
        }
    }

    func close() {
        keeper.close()
        ledger.finish()
    }
}
