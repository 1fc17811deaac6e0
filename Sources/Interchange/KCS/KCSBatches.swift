import Foundation

/// The batches of a ``KCSImporter``: up to ``CSVLimits/rowsPerBatch`` rows each, file after file.
public struct KCSBatches: Sequence, IteratorProtocol {
    private let files: [SourceFile]
    private let nomenclature: HSNomenclature?
    private let mapper = KCSMapper()
    private var progress: ImportProgress
    private var nextFile = 0
    private var open: OpenFile?

    /// A file being read.
    private struct OpenFile {
        let file: SourceFile
        var reader: CSVReader
        var reportedBytes: Int64 = 0
        var rowsMapped = 0
        var unknownCodes: Set<String> = []
    }

    init(files: [SourceFile], nomenclature: HSNomenclature?) {
        self.files = files
        self.nomenclature = nomenclature
        progress = ImportProgress(filesTotal: files.count, bytesTotal: files.reduce(0) { $0 + $1.size })
    }

    /// Reads and maps the next rows.
    ///
    /// - Complexity: O(*n*) in the number of rows of a batch.
    public mutating func next() -> ImportBatch? {
        if open == nil {
            guard nextFile < files.count else { return nil }
            let file = files[nextFile]
            nextFile += 1
            do throws(ImportFault) {
                open = try Self.open(file)
            } catch {
                return refuse(file, error)
            }
        }
        guard var reading = open else { return nil }
        open = nil
        var items: [ImportItem] = []
        var rows = 0
        var isFinished = false
        var lines: [String: Int] = [:]
        while rows < CSVLimits.rowsPerBatch {
            do throws(CSVReader.Malformed) {
                guard let record = try reading.reader.next() else {
                    isFinished = true
                    break
                }
                rows += 1
                map(record, of: &reading, lines: &lines, into: &items)
            } catch {
                rows += 1
                let fault = ImportFault(file: reading.file.path, line: error.line, reason: error.reason)
                items.append(.refused(fault))
                if error.isFatal {
                    isFinished = true
                    break
                }
            }
        }
        progress.bytesDone += reading.reader.bytesRead - reading.reportedBytes
        reading.reportedBytes = reading.reader.bytesRead
        var outcomes: [FileOutcome] = []
        if isFinished {
            progress.filesDone += 1
            outcomes = [FileOutcome(file: reading.file.path, status: reading.rowsMapped > 0 ? .imported : .refused)]
            if reading.rowsMapped == 0, items.isEmpty {
                items = [.refused(ImportFault(file: reading.file.path, reason: "holds no row that could be imported"))]
            }
        } else {
            open = reading
        }
        return ImportBatch(
            name: reading.file.path, items: items, outcomes: outcomes, recordsRead: rows, progress: progress)
    }

    private mutating func map(
        _ record: CSVRecord, of reading: inout OpenFile, lines: inout [String: Int], into items: inout [ImportItem]
    ) {
        let path = reading.file.path
        do throws(Refusal) {
            let row = try KCSRow(record)
            // A second row of the same declaration contradicts the first; the ledger would refuse the whole batch.
            if let first = lines.updateValue(row.line, forKey: row[.declarationID]) {
                lines[row[.declarationID]] = first
                throw Refusal("repeats the Declaration ID of line \(first)", line: row.line)
            }
            for event in try mapper.events(of: row) {
                let origin = ImportOrigin(file: path, line: row.line, type: event.type.type, id: event.id)
                items.append(.draft(event.draft, origin: origin))
            }
            reading.rowsMapped += 1
            if let nomenclature, !nomenclature.contains(row[.hs6]), reading.unknownCodes.insert(row[.hs6]).inserted {
                let reason = "HS6 code \(row[.hs6]) is not in the edition checked against; imported as it is"
                items.append(.warning(ImportFault(file: path, line: row.line, reason: reason)))
            }
        } catch {
            items.append(.refused(error.fault(in: path, line: record.line)))
        }
    }

    private static func open(_ file: SourceFile) throws(ImportFault) -> OpenFile {
        if let obstacle = file.obstacle { throw ImportFault(file: file.path, reason: obstacle) }
        guard let handle = FileHandle(forReadingAtPath: file.path) else {
            throw ImportFault(file: file.path, reason: "cannot be opened; check its permissions")
        }
        var reader = CSVReader(ByteSource(handle))
        let header: CSVRecord?
        do throws(CSVReader.Malformed) {
            header = try reader.next()
        } catch {
            throw ImportFault(file: file.path, line: error.line, reason: error.reason)
        }
        guard let header else { throw ImportFault(file: file.path, reason: "is empty") }
        if let fault = KCSColumn.fault(inHeader: header.fields) {
            throw ImportFault(file: file.path, line: header.line, reason: fault)
        }
        return OpenFile(file: file, reader: reader)
    }

    private mutating func refuse(_ file: SourceFile, _ fault: ImportFault) -> ImportBatch {
        progress.filesDone += 1
        progress.bytesDone += file.size
        return ImportBatch(
            name: file.path, items: [.refused(fault)], outcomes: [FileOutcome(file: file.path, status: .refused)],
            recordsRead: 0, progress: progress)
    }
}
