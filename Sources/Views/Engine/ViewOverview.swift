public import EventLog
internal import Foundation
internal import LMDB

/// What lies in a ledger's folder of one view, whether or not anyone keeps it at the moment.
public struct ViewOverview: Sendable, Hashable {
    /// Name and version, as its folder is called.
    public let title: String
    /// Everything below it is in the view.
    public let position: Position
    /// How many entries it skipped.
    public let parked: Int
    /// How many bytes its file takes.
    public let bytes: Int
    /// How it is kept at the moment; nil if no process does.
    public let keeping: ViewKeeping?

    /// The views in a ledger's folder, by their titles; also while another process writes them.
    ///
    /// - Throws: ``ViewError`` if one that is there cannot be read.
    public static func all(inLedgerAt path: String) throws(ViewError) -> [ViewOverview] {
        let base = path + "/views"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []).sorted()
        var views: [ViewOverview] = []
        for title in names where isTitle(title) && FileManager.default.fileExists(atPath: "\(base)/\(title)/data.mdb") {
            let store = try ViewStore(path: "\(base)/\(title)", title: title, isReadOnly: true)
            guard let meta = try store.readMeta() else { continue }
            views.append(
                ViewOverview(
                    title: title, position: meta.position, parked: try store.skippedCount(),
                    bytes: store.environment.usage.used,
                    keeping: ViewFolder(ledger: path, title: title).keeping))
        }
        return views
    }

    /// Whether a folder is that of a view and not one that is being made: its name ends with a version.
    private static func isTitle(_ name: String) -> Bool {
        name.split(separator: ".").count == 2 && name.split(separator: ".").last.flatMap { Int($0) } != nil
    }

    /// The entries that views of a ledger could not map; also while another process writes it.
    public static func parked(inLedgerAt path: String) throws(ViewError) -> [ParkedEntry] {
        guard ParkedStore.exists(ledger: path) else { return [] }
        return try ParkedStore(ledger: path, isReadOnly: true).list()
    }
}
