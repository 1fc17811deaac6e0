import Foundation

/// The batches of an importer of CSV files: up to ``CSVLimits/rowsPerBatch`` rows each, file after file.
struct CSVBatches<Rows: CSVRowMapping>: Sequence, IteratorProtocol {
    private let files: [SourceFile]
    private var rows: Rows
    private var progress: ImportProgress
    private var nextFile = 0
    private var open: OpenFile?

    /// A file being read.
    private struct OpenFile {
        let file: SourceFile
        var reader: CSVReader
        var reportedBytes: Int64 = 0
        var rowsMapped = 0
    }

    init(files: [SourceFile], rows: Rows) {
        self.files = files
        self.rows = rows
        progress = ImportProgress(filesTotal: files.count, bytesTotal: files.reduce(0) { $0 + $1.size })
    }

    /// Reads and maps the next rows.
    ///
    /// - Complexity: O(*n*) in the number of rows of a batch.
    mutating func next() -> ImportBatch? {
        if open == nil {
            guard nextFile < files.count else { return nil }
            let file = files[nextFile]
            nextFile += 1
            do throws(ImportFault) {
                open = try openFile(file)
                rows.beginFile()
            } catch {
                return refuse(file, error)
            }
        }
        guard var reading = open else { return nil }
        open = nil
        rows.beginBatch()
        var items: [ImportItem] = []
        var count = 0
        var isFinished = false
        while count < CSVLimits.rowsPerBatch {
            do throws(CSVReader.Malformed) {
                guard let record = try reading.reader.next() else {
                    isFinished = true
                    break
                }
                count += 1
                map(record, of: &reading, into: &items)
            } catch {
                count += 1
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
            name: reading.file.path, items: items, outcomes: outcomes, recordsRead: count, progress: progress)
    }

    private mutating func map(_ record: CSVRecord, of reading: inout OpenFile, into items: inout [ImportItem]) {
        let path = reading.file.path
        do throws(Refusal) {
            try rows.map(record, of: path, into: &items)
            reading.rowsMapped += 1
        } catch {
            items.append(.refused(error.fault(in: path, line: record.line)))
        }
    }

    private func openFile(_ file: SourceFile) throws(ImportFault) -> OpenFile {
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
        if let fault = rows.fault(inHeader: header.fields) {
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
