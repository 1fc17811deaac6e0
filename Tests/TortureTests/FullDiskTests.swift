import Foundation
import TestSupport
import Testing

extension TortureTests {
    @Suite(
        "Full disks", .enabled(if: SmallDisk.works(.tmpfs), "only root may mount; ENOSPC is injected by strace instead")
    )
    struct FullDiskTests {
        @Test(
            "A full disk refuses appends and nothing else",
            arguments: Torture.isFull ? SmallDisk.Kind.allCases : [.tmpfs])
        func ledger(_ kind: SmallDisk.Kind) throws {
            guard SmallDisk.works(kind) else {
                Torture.report("disk", "ledger on \(kind)", "skipped: cannot be mounted here")
                return
            }
            let folder = try TemporaryFolder()
            let place = folder.path("disk")
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            let disk = try SmallDisk(kind, at: place, kilobytes: Torture.scaled(5_120, full: 8_192))
            defer { disk.unmount() }
            try disk.occupy(kilobytes: 3_000)
            let ledger = try TestLedger.make(at: place + "/ledger", keys: folder.path("keys"))
            var witness = Witness(ledger)
            let input = folder.path("input")
            var batch = 0
            try atOnce(ledger, "ledger on \(kind)") {
                try fillUp(ledger, &witness, input, &batch)
                try refuseWhileFull(disk, &witness, input)
                disk.free()
                try append(witness.missing + witness.fresh(200), &witness, input, mustPass: true)
                try demand(witness.missing.isEmpty, "events are missing after space was freed")
                // Full a second time, by what the ledger itself writes.
                try fillUp(ledger, &witness, input, &batch)
                try refuseWhileFull(disk, &witness, input)
                disk.free()
                Torture.report(
                    "disk", "ledger on \(kind)", "refused as diskFull, read and verified, went on when freed", count: 2)
            }
        }

        @Test("No ledger, or a whole one, is made on a disk with too little room")
        func initialise() throws {
            let folder = try TemporaryFolder()
            let place = folder.path("disk")
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            let sizes = Torture.isFull ? Array(stride(from: 4, through: 128, by: 4)) : [4, 16, 28, 40, 52, 64]
            for (number, size) in sizes.enumerated() {
                let disk = try SmallDisk(.tmpfs, at: place, kilobytes: size)
                defer { disk.unmount() }
                let ledger = TestLedger(at: place + "/ledger", keys: folder.path("keys\(number)"))
                try atOnce(ledger, "init in \(size) KiB") {
                    let made = try ledger.run(["init", "--origin", "torture.example/ledger"])
                    if made.exitCode != 0 { try Self.checkRefusal(made) }
                    try disk.resize(kilobytes: 4_096)
                    let isThere = FileManager.default.fileExists(atPath: ledger.path + "/ledger.json")
                    if made.exitCode != 0, !isThere {
                        let again = try ledger.run(["init", "--origin", "torture.example/ledger"])
                        try demand(again.exitCode == 0, "init when there is room: \(again.description)")
                    }
                    var witness = Witness(ledger)
                    try append(witness.fresh(20), &witness, folder.path("input"), mustPass: true)
                    Torture.report(
                        "disk", "init",
                        made.exitCode == 0
                            ? "made"
                            : isThere ? "refused as diskFull, but whole" : "refused as diskFull, made when freed")
                }
            }
        }

        @Test("A full disk under the index alone stops no append")
        func index() throws {
            let folder = try TemporaryFolder()
            let ledger = try TestLedger.make(at: folder.path("ledger"), keys: folder.path("keys"))
            try FileManager.default.removeItem(atPath: ledger.path + "/index")
            try FileManager.default.createDirectory(atPath: ledger.path + "/index", withIntermediateDirectories: true)
            let disk = try SmallDisk(.tmpfs, at: ledger.path + "/index", kilobytes: 112)
            defer { disk.unmount() }
            var witness = Witness(ledger)
            let input = folder.path("input")
            try atOnce(ledger, "index") {
                for _ in 0..<Torture.scaled(2, full: 6) {
                    try append(witness.fresh(3_000), &witness, input, mustPass: true)
                    try witness.checkQuery(object: 7)
                }
                disk.fill()
                try append(witness.fresh(1_500), &witness, input, mustPass: true)
                try witness.checkQuery(object: 9)
                disk.free()
                try disk.resize(kilobytes: 16_384)
                try append(witness.fresh(1_500), &witness, input, mustPass: true)
                let verification = try ledger.verify()
                try demand(verification.indexed > 0, "the index does not catch up when there is room")
                Torture.report("disk", "index alone", "appends went on, index caught up when freed")
            }
        }

        @Test("A snapshot onto a disk that fills is refused as diskFull, in and out, and is made when there is room")
        func snapshots() throws {
            let folder = try TemporaryFolder()
            let ledger = try TestLedger.make(at: folder.path("ledger"), keys: folder.path("keys"))
            let input = folder.path("input")
            try Data((0..<4_000).map { TortureEvent($0).line }.joined().utf8).write(to: URL(fileURLWithPath: input))
            try demand(try ledger.run(["append", "-"], input: input).exitCode == 0, "append")
            let file = folder.path("port.zst")
            try demand(try ledger.run(["snapshot", "export", file]).exitCode == 0, "export")
            let needed = (try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0) >> 10
            let place = folder.path("disk")
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            for size in [needed / 2, needed - 4, needed + 64] {
                let disk = try SmallDisk(.tmpfs, at: place, kilobytes: max(8, size))
                defer { disk.unmount() }
                let copy = TestLedger(at: place + "/copy", keys: ledger.keys)
                try atOnce(ledger, "snapshot on \(size) KiB") {
                    let exported = try ledger.run(["snapshot", "export", place + "/port.zst"])
                    if exported.exitCode != 0 {
                        try Self.checkRefusal(exported)
                        let isThere = FileManager.default.fileExists(atPath: place + "/port.zst")
                        try demand(!isThere, "a snapshot that was refused is there")
                    }
                    let imported = try copy.run(["snapshot", "import", file])
                    try demand(imported.exitCode != 0, "a ledger fits into \(size) KiB")
                    try Self.checkRefusal(imported)
                    try disk.resize(kilobytes: 65_536)
                    for arguments in [["snapshot", "export", place + "/port.zst", "--replace"]] {
                        let again = try ledger.run(arguments)
                        try demand(again.exitCode == 0, "when there is room: \(again.description)")
                    }
                    let again = try copy.run(["snapshot", "import", place + "/port.zst"])
                    try demand(again.exitCode == 0, "when there is room: \(again.description)")
                    try demand(try copy.verify().isSound, "what was imported is not sound")
                }
                Torture.report("disk", "snapshot", "refused as diskFull, made when freed")
            }
        }

        /// Appends until the ledger refuses.
        private func fillUp(_ ledger: TestLedger, _ witness: inout Witness, _ input: String, _ batch: inout Int) throws
        {
            for _ in 0..<200 {
                batch += 1
                guard try append(witness.fresh(170), &witness, input, mustPass: false) else { return }
            }
            throw TortureFailure("the disk never filled")
        }

        /// With no byte left: refused, read, verified, and refused again.
        private func refuseWhileFull(_ disk: SmallDisk, _ witness: inout Witness, _ input: String) throws {
            disk.fill()
            for _ in 0..<2 {
                let isTaken = try append(witness.fresh(400), &witness, input, mustPass: false)
                try demand(!isTaken, "400 events went onto a full disk")
                try witness.checkQuery(object: 3)
            }
        }

        /// Appends, and compares.
        ///
        /// - Returns: Whether all went in; if not, it was because the disk is full.
        @discardableResult
        private func append(
            _ numbers: [Int], _ witness: inout Witness, _ input: String, mustPass: Bool
        ) throws -> Bool {
            try Data(numbers.map { TortureEvent($0).line }.joined().utf8).write(to: URL(fileURLWithPath: input))
            let outcome = try witness.ledger.run(["append", "-"], input: input)
            try demand(outcome.exitCode == 0 || !mustPass, "append: \(outcome.description)")
            let receipts = try witness.takeReceipts(outcome.output, for: numbers, mayRefuse: outcome.exitCode != 0)
            if outcome.exitCode == 0 {
                try demand(receipts == numbers.count, "\(receipts) receipts for \(numbers.count) events")
            } else {
                try Self.checkRefusal(outcome)
            }
            try witness.check(mayBeNew: numbers)
            return outcome.exitCode == 0
        }

        private static func checkRefusal(_ outcome: Command.Outcome) throws {
            try demand(
                outcome.exitCode == 5 && outcome.errors.contains("disk is full") && outcome.errors.contains("diskFull"),
                "a full disk is to be exit code 5 and diskFull: \(outcome.description)")
        }

        /// Runs a part and records what it finds wrong.
        private func atOnce(_ ledger: TestLedger, _ name: String, _ body: () throws -> Void) throws {
            do {
                try body()
            } catch {
                Torture.report("disk", name, "FAILED: \(error)")
                Issue.record("\(name): \(error)\nkept: \(ledger.keep())\n\(Torture.repeating("FullDiskTests"))")
            }
        }
    }
}
