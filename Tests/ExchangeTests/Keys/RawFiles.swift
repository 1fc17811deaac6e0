import Foundation
import Transparency

/// Looks into files as they lie on the disk.
enum RawFiles {
    /// Whether bytes stand anywhere in the files below a folder, as they are or in base64, at any of its three
    /// alignments.
    static func contain(_ needle: [UInt8], below folder: String) throws -> Bool {
        var needles = [Data(needle)]
        for variant in [Base64.Variant.standard, .url] {
            for shift in 0..<3 {
                // Of a text that begins elsewhere, the characters that hold bits of its neighbours are left out.
                let text = Array(Base64.encode(Array(repeating: 0, count: shift) + needle, variant).utf8)
                let start = (shift * 8 + 5) / 6
                let end = (shift + needle.count) * 8 / 6
                needles.append(Data(text[start..<end]))
            }
        }
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            if needles.contains(where: { data.range(of: $0) != nil }) { return true }
        }
        return false
    }
}
