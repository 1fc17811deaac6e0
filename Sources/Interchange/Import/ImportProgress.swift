/// How far an import has come. The totals are known before the first file is read.
public struct ImportProgress: Hashable, Sendable {
    public var filesDone: Int
    public var filesTotal: Int
    public var bytesDone: Int64
    public var bytesTotal: Int64

    public init(filesDone: Int = 0, filesTotal: Int, bytesDone: Int64 = 0, bytesTotal: Int64) {
        self.filesDone = filesDone
        self.filesTotal = filesTotal
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
    }

    /// The share that is done, 0 to 1, by bytes where there are any.
    public var fraction: Double {
        if bytesTotal > 0 { return min(1, Double(bytesDone) / Double(bytesTotal)) }
        return filesTotal > 0 ? min(1, Double(filesDone) / Double(filesTotal)) : 1
    }
}
