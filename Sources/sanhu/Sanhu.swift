import ArgumentParser
import Audit
import EventLog
import Exchange
import ExchangeClient
import Foundation
import Snapshots
import Views
import Witnessing

/// The command line.
@main
struct Sanhu: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sanhu",
        abstract: "三互: the ledger that the agencies of a port share.",
        discussion: """
            Events go in once and stay; they come out by object, type and position, and anyone can prove that none was \
            changed or left out.

            EXAMPLES
              sanhu init --ledger port.ledger --origin port.example/ledger
              sanhu import wco messages/ --ledger port.ledger
              sanhu read --tag container:CMAU9592883 --format text --ledger port.ledger
              sanhu verify --ledger port.ledger

            The ledger is given by --ledger DIR or SANHU_LEDGER. What machines read goes to standard output as \
            newline-delimited JSON, everything else to standard error.

            EXIT CODES
              0  done
              1  something else failed: input, output, the machine
              2  what was to be verified does not hold: a ledger, a proof, a snapshot
              3  something was refused: a condition, a reused id, what is no event, a file to import; the rest went in
              4  not there: a position beyond the head, a file, no ledger in the folder
              5  not now: another writes it, the disk is full, no permission, no key, a newer format than this program's
             64  the command line is not understood
            141  whoever read the output stopped reading

            PERMISSIONS
              Who reads a ledger must be able to read its folder and to write log/lock.mdb and index/lock.mdb, in which
              readers say which pages they still need. A group gets it by chmod g+w on these two files.

            SHELL COMPLETIONS
              sanhu --generate-completion-script bash > /etc/bash_completion.d/sanhu
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Ledger",
                subcommands: [
                    Init.self, Import.self, Append.self, Read.self, Show.self, Stats.self, Index.self, Erase.self,
                    HoldCommand.self,
                ]),
            CommandGroup(
                name: "Proof",
                subcommands: [
                    Verify.self, CheckpointCommand.self, Proof.self, ProofVerify.self, Consistency.self,
                    ConsistencyVerify.self, ReadVerify.self, Tiles.self, WitnessCommand.self,
                ]),
            CommandGroup(
                name: "Sharing",
                subcommands: [
                    CharterCommand.self, KeysCommand.self, DiscloseCommand.self, AssistanceCommand.self,
                    WhoSaw.self,
                ]),
            CommandGroup(
                name: "View",
                subcommands: [
                    CaseCommand.self, BoardCommand.self, ReportCommand.self, CompareCommand.self,
                    ViewCommand.self, ParkedCommand.self, Automate.self,
                ]),
            CommandGroup(
                name: "Audit",
                subcommands: [
                    WhyCommand.self, DifferenceCommand.self, CouldSeeCommand.self, ReplayCommand.self,
                    AuditReportCommand.self, AuditVerify.self, MineCommand.self,
                ]),
            CommandGroup(
                name: "Snapshot",
                subcommands: [Snapshot.self, BackupCommand.self, RestoreCommand.self]),
            CommandGroup(
                name: "Server",
                subcommands: [Serve.self, TokenCommand.self, SubscribeCommand.self]),
            CommandGroup(name: "Trial", subcommands: [Sample.self, Bench.self]),
        ])

    static func main() async {
        // Whoever reads our output may stop reading; that is no crash.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Terminal.fail(failure)
        } catch let error as SnapshotError {
            Terminal.fail(CommandFailure(error))
        } catch let error as ExchangeError {
            Terminal.fail(CommandFailure(error))
        } catch let error as ReplayError {
            Terminal.fail(CommandFailure(error))
        } catch let error as ViewError {
            Terminal.fail(CommandFailure(error))
        } catch let error as ClientError {
            Terminal.fail(CommandFailure(error))
        } catch let error as WitnessFault {
            Terminal.fail(CommandFailure(error))
        } catch let error as LogError {
            Terminal.fail(CommandFailure(error))
        } catch {
            exit(withError: error)
        }
    }
}
