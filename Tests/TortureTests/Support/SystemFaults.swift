import TestSupport
import Testing

/// Which faults are done to which system calls, and what holds after any of them.
enum SystemFaults {
    /// Each fault for each call, or some of them in the short form.
    ///
    /// - Parameter sample: How many the short form takes; those of the commit itself are always among them.
    static func all(
        of sites: [Strace.Site], sample: Int, _ initial: Dice, kind: String
    ) -> [(site: Strace.Site, fault: Strace.Fault)] {
        var dice = initial
        var all = sites.flatMap { site in faults(for: site).map { (site: site, fault: $0) } }
        if !Torture.isFull {
            all.shuffle(using: &dice)
            let commit = all.filter { $0.fault == .kill && isWrite($0.site) && $0.site.path.hasSuffix("log/data.mdb") }
            all = Array(commit.prefix(4)) + all.prefix(max(0, sample - min(4, commit.count)))
        }
        Torture.report("syscall", "plan", "", count: all.count)
        return all
    }

    private static func faults(for site: Strace.Site) -> [Strace.Fault] {
        let errors: [Strace.Fault] =
            switch site.call {
            case "open", "openat": [.error("EIO"), .error("EMFILE"), .error("EACCES"), .error("ENOSPC")]
            case "mkdir", "mkdirat", "rename", "renameat", "renameat2": [.error("EIO"), .error("ENOSPC")]
            case "write", "writev", "pwrite64", "pwritev":
                [.error("EIO"), .error("ENOSPC"), .error("ENOSPC", lasts: true), .error("EINTR")]
                    + (site.path.hasSuffix("data.mdb") ? [.short] : [])
            case "fsync", "fdatasync": [.error("EIO"), .error("ENOSPC"), .error("EIO", lasts: true), .error("EINTR")]
            case "mmap": [.error("ENOMEM")]
            case "read", "pread64": [.error("EIO"), .error("EINTR")]
            case "flock": [.error("EINTR"), .error("ENOLCK"), .error("EAGAIN")]
            case "fcntl": [.error("EINTR"), .error("ENOLCK"), .error("EAGAIN")]
            default: [.error("EIO")]
            }
        return errors + [.kill]
    }

    /// Whether a call writes or syncs.
    static func isWrite(_ site: Strace.Site) -> Bool {
        ["write", "writev", "pwrite64", "pwritev", "fsync", "fdatasync"].contains(site.call)
    }

    /// The end of a run in which a fault was done: no crash, and if it failed it says why.
    static func checkEnd(_ outcome: Command.Outcome, _ fault: Strace.Fault) throws {
        if let signal = outcome.signal {
            try demand(fault == .kill && signal == 9, "it crashed: \(outcome.description)")
        } else if outcome.exitCode != 0 {
            try demand(
                (1...5).contains(outcome.exitCode ?? 0) && outcome.errors.contains("sanhu: "),
                "it failed without saying why: \(outcome.description)")
        }
    }

    /// Records what was wrong after a fault, and how to do it again.
    static func record(
        _ name: String, _ site: Strace.Site, _ fault: Strace.Fault, _ error: any Error, _ ledger: TestLedger
    ) {
        Torture.report("syscall", "\(name): \(site)", "FAILED \(fault): \(error)")
        let times = "\(site.number)\(fault.lasts ? "+" : "")"
        Issue.record(
            """
            \(name), \(fault) at \(site): \(error)
            kept: \(ledger.keep())
            by hand: strace -f -y -P \(site.path) -e inject=\(site.call):\(fault.injection):when=\(times) sanhu \(name) …
            \(Torture.repeating("SystemCallTests"))
            """)
    }
}
