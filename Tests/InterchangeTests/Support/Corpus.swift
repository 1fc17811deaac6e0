import Foundation

/// Where the shared corpus lies. It is not part of the project: tests that read it say so where it is absent.
enum Corpus {
    static let root = ProcessInfo.processInfo.environment["SANHU_SHARED"] ?? "../shared"

    static let declarations = root + "/corpus/kcs/declarations.csv"
    static let messages = root + "/corpus/hmrc"
    static let nomenclature = root + "/corpus/hs/harmonized-system.csv"

    static var isPresent: Bool {
        [declarations, messages, nomenclature].allSatisfy { FileManager.default.fileExists(atPath: $0) }
    }
}
