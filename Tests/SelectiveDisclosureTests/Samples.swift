import JSON
import SelectiveDisclosure
import TestSupport

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

/// The canonical form of a text, as text.
func canonical(_ json: [UInt8]) throws -> String {
    text(JSONCanonicalForm.bytes(of: try JSONDocument(parsing: json).root))
}

func pointer(_ text: String) throws -> JSONPointer {
    guard let pointer = JSONPointer(text) else { throw SampleError(reason: "“\(text)” is no pointer") }
    return pointer
}

/// A salt that differs for each number.
func salt(_ number: Int) -> DisclosureSalt { DisclosureSalt(high: 0x5A17, low: UInt64(truncatingIfNeeded: number)) }

/// A decoy that differs for each number.
func decoy(_ number: Int) -> DisclosureDigest {
    DisclosureDigest(ofEncoded: bytes("decoy \(number)"))
}

/// A disclosure by its JSON.
func disclosure(_ json: String) throws -> Disclosure { try Disclosure(json: bytes(json)) }

/// The code and the place of what is thrown, or nil.
func fault(_ body: () throws -> Void) -> Fault? {
    do {
        try body()
        return nil
    } catch let error as DisclosureError {
        return Fault(error.code, error.pointer.description)
    } catch {
        return Fault(nil, "\(error)")
    }
}

struct Fault: Equatable, CustomStringConvertible {
    let code: DisclosureError.Code?
    let pointer: String

    init(_ code: DisclosureError.Code?, _ pointer: String = "") {
        self.code = code
        self.pointer = pointer
    }

    var description: String { "\(code.map(\.rawValue) ?? "another error") at “\(pointer)”" }
}

/// What is wrong with a payload and disclosures, given as their JSON, or nil. In the payload, `$0` stands for the
/// digest of the first disclosure, and so on; in a disclosure likewise for one that comes before it.
func processingFault(
    _ payload: String, _ disclosures: [String], limits: DisclosureLimits = DisclosureLimits()
) throws -> Fault? {
    let (payload, disclosures) = try resolved(payload, disclosures)
    return fault { _ = try SealedPayload(payload, limits: limits).processed(with: disclosures) }
}

func resolved(_ payload: String, _ disclosures: [String]) throws -> (payload: [UInt8], disclosures: [Disclosure]) {
    var made: [Disclosure] = []
    func filled(_ text: String) -> String {
        made.indices.reversed().reduce(text) {
            $0.split(separator: "$\($1)", omittingEmptySubsequences: false).joined(
                separator: made[$1].digest.description)
        }
    }
    for json in disclosures { made.append(try disclosure(filled(json))) }
    return (bytes(filled(payload)), made)
}

struct SampleError: Error {
    let reason: String
}
