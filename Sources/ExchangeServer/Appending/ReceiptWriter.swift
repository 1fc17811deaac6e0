internal import EventLog
internal import ExchangeProtocol
internal import JSON
internal import Transparency
internal import Views

/// Writes receipts, with what rules warned of and, if it is asked for, the proof that the entry is in the log.
struct ReceiptWriter: Sendable {
    let log: Log
    let wantsProof: Bool

    /// The receipts of events that were appended together, each as an object.
    func texts(of receipts: [Receipt], _ warnings: [RuleWarning]) throws(Problem) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        texts.reserveCapacity(receipts.count)
        for (index, receipt) in receipts.enumerated() {
            let told = warnings.filter { $0.index == index }.map(\.reason)
            texts.append(try text(of: receipt, told))
        }
        return texts
    }

    /// One receipt as an object.
    func text(of receipt: Receipt, _ warnings: [String], line: Int? = nil) throws(Problem) -> [UInt8] {
        var proof: String?
        if wantsProof {
            do throws(LogError) {
                proof = try log.proof(at: receipt.position).description
            } catch {
                throw Problem(error)
            }
        }
        var json = JSONWriter(reservingCapacity: 64)
        json.object { json in
            if let line { json.member("line", Int64(line)) }
            ReceiptText.write(receipt, to: &json)
            if let proof { json.member("proof", proof) }
            guard !warnings.isEmpty else { return }
            json.key("warnings")
            json.array { json in for warning in warnings { json.string(warning) } }
        }
        return json.bytes
    }
}
