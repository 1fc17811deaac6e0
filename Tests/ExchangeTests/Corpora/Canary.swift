import Foundation
import Glibc
import TestSupport

/// Texts to plant where nobody may find them, and to look for in every form in which they might come out.
enum Canary {
    /// For fields of a class above `shared`, and for those of `shared` itself, which authorities may see.
    static let classified = "KANARIENVOGEL-7Q9X"
    static let shared = "ZAUNKOENIG-3J5K-8M"
    /// For numbers, for hashes, and for codes of five letters, which are written one after another.
    static let number = 4_917_263_508_172_635
    static let hash = String(repeating: "5ca1ab1e0ddba11f00d5eed5c0ffee42", count: 2)
    static let codes = ["KANAR", "IENVO", "GEL7Q", "9XKAN"]

    /// What must not be found where no classified field may be seen; with `shared`, neither of the class shared.
    static func needles(withShared: Bool) -> [[UInt8]] {
        let codes = codes.joined(separator: "\",\"")
        return [classified, String(number), String(hash.prefix(48)), codes].flatMap(forms)
            + (withShared ? forms(shared) : [])
    }

    /// A text as it is, in base64 wherever it begins in what is encoded, in both alphabets, and in hexadecimal.
    static func forms(_ text: String) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        var forms = [bytes, Array(Hex.encode(bytes).utf8), Array(Hex.encode(bytes).uppercased().utf8)]
        for before in 0..<3 {
            let encoded = Array(Data([UInt8](repeating: 0, count: before) + bytes).base64EncodedString().utf8)
            // Without the characters into which neighbours reach.
            let inner = encoded[((before * 8 + 5) / 6)..<((before + bytes.count) * 8 / 6)]
            forms.append(Array(inner))
            forms.append(
                inner.map {
                    $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
                })
        }
        return forms
    }

    /// Which of some needles stand in bytes.
    static func found(_ needles: [[UInt8]], in bytes: some ContiguousBytes) -> [String] {
        bytes.withUnsafeBytes { hay in
            needles.filter { stands($0, in: hay) }.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private static func stands(_ needle: [UInt8], in hay: UnsafeRawBufferPointer) -> Bool {
        guard let start = hay.baseAddress, let first = needle.first else { return false }
        var at = 0
        while at + needle.count <= hay.count {
            guard let found = memchr(start + at, Int32(first), hay.count - needle.count - at + 1) else { return false }
            if memcmp(found, needle, needle.count) == 0 { return true }
            at = UnsafeRawPointer(found) - start + 1
        }
        return false
    }
}
