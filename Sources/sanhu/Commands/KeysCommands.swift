import ArgumentParser
import EventLog
import Exchange
import JSON

/// `sanhu keys`.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "The keys of what is sealed in a ledger with a charter. No key is ever printed.",
        discussion: """
            EXAMPLES
              sanhu keys status
              sanhu keys verify
              sanhu keys rotate
            """,
        subcommands: [KeysStatus.self, KeysVerify.self, KeysRotate.self])
}

/// `sanhu keys status`.
struct KeysStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "How many keys there are, which erasures were carried out, and whether log and keys agree on them.",
        discussion: """
            A line is printed for the keys and one for each fence in the log. The exit code is 2 if log and keys do not \
            agree.

            EXAMPLES
              sanhu keys status
            """)

    @OptionGroup var ledger: LedgerOptions

    func run() throws {
        try ledger.look { _, register, keys in try show(register, keys.status()) }
    }

    private func show(_ register: ErasureRegister, _ status: KeyStatus) throws {
        let audit = KeyAudit(of: register, status)
        Output.standard.writeObject { writer in
            writer.member("generation", Int64(status.generation))
            writer.member("keys", Int64(status.live))
            writer.member("destroyed", Int64(status.destroyed))
            writer.member("fences", Int64(register.fences.count))
            writer.key("agree")
            writer.bool(audit.isSound)
        }
        for fence in register.fences {
            Output.standard.writeObject { writer in
                writer.member("fence", Int64(fence.fence.number))
                writer.member("position", Int64(fence.position))
                writer.member("recorded", fence.recorded.description)
                writer.member("agency", fence.agency)
                writer.member("basis", fence.basis)
            }
        }
        try KeysVerify.report(audit)
    }
}

/// `sanhu keys verify`.
struct KeysVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hold all that is sealed in the log against the keys: which rows can be opened, which were erased.",
        discussion: """
            A row must have a key, or have been removed with it. None is opened. The exit code is 2 if one is not so.

            EXAMPLES
              sanhu keys verify
            """)

    @OptionGroup var ledger: LedgerOptions

    func run() throws {
        let bar = ProgressBar("verifying")
        let audit = try ledger.look { log, _, keys in try KeyAudit(log, keys, progress: bar.show) }
        bar.finish()
        Output.standard.writeObject { writer in
            writer.key("sound")
            writer.bool(audit.isSound)
            writer.member("rows", Int64(audit.rows))
            writer.member("erased", Int64(audit.erasedRows))
        }
        try Self.report(audit)
    }

    /// Says what does not agree, if anything.
    static func report(_ audit: KeyAudit) throws {
        Output.standard.flush()
        for problem in audit.problems { Terminal.say(problem) }
        if !audit.isSound { throw CommandFailure(.unsound, "Log and keys do not agree.") }
    }
}

/// `sanhu keys rotate`.
struct KeysRotate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Wrap all keys under a new wrapping key, and destroy the old one.",
        discussion: """
            Backups of the keys from before are worthless then, so make a new one. Each erasure does this too.

            EXAMPLES
              sanhu keys rotate
            """)

    @OptionGroup var writing: WritingOptions

    func run() throws {
        let ledger = try writing.openExchange()
        defer { ledger.finish() }
        try ledger.rotateWrappingKey()
        let status = try ledger.keyStatus()
        Output.standard.writeObject { writer in
            writer.member("generation", Int64(status.generation))
            writer.member("keys", Int64(status.live))
        }
        Output.standard.flush()
        Terminal.say("rotated; back up the keys and the wrapping key anew, apart from each other")
    }
}
