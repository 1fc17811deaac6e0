import Clearance
import EventLog
import Exchange
import JSON
import Views

/// What is measured of case files.
struct CaseBench {
    var scan: [Double] = []
    var fold: [Double] = []
    /// Seconds of reading the file of a declaration of 50 events.
    var withheld: [Double] = []
    var disclosed: [Double] = []

    func write(to writer: inout JSONWriter) {
        writer.key("cases")
        writer.object { BenchMachine.write(comparing: "scan", scan, "fold", fold, to: &$0) }
        for (name, times) in [("case_of_50_us", withheld), ("case_of_50_disclosed_us", disclosed)] {
            ViewBench.write(name, median: times, to: &writer)
        }
    }
}

extension ViewBench {
    /// Rebuilds the view of case files in turns with a scan, and reads one. It is opened only here: beside others it would fold
    /// what they are measured with.
    func cases(rounds: Int) async throws -> CaseBench {
        let view = try keeper.open(CaseFiles.definition)
        guard await view.reached(try head, timeout: .seconds(3_600)) else {
            throw CommandFailure(.failed, "\(view.state)")
        }
        var result = CaseBench()
        for _ in 0..<rounds {
            result.scan.append(try scan())
            result.fold.append(try await rebuild(view))
        }
        let files = CaseFiles(view)
        for _ in 0..<Self.reads {
            result.withheld.append(try await time(files, Reader(.authority, agency: BenchExchange.onlooker)))
            result.disclosed.append(try await time(files, Reader(.authority, agency: BenchExchange.agency)))
        }
        return result
    }

    private func time(_ files: CaseFiles, _ reader: Reader) async throws -> Double {
        try await ContinuousClock().measure {
            let file = try await files.read(DeclarationCase.self, of: Self.object, for: reader)
            guard file.steps.count == 50 else { throw CommandFailure(.failed, "A case has \(file.steps.count) steps.") }
        }.seconds
    }
}
