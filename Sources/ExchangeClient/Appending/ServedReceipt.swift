public import EventLog
internal import ExchangeProtocol
internal import JSON

/// What became of an event that a server appended: durable when it is there.
public struct ServedReceipt: Sendable, Hashable {
    public let receipt: Receipt
    /// What rules say against it that only warn.
    public let warnings: [String]
    /// The proof that it is in the log (C2SP tlog-proof), if it was asked for.
    public let proof: String?

    init(_ value: JSONValue) throws(ClientError) {
        guard let receipt = ReceiptText.receipt(value) else {
            throw ClientError(.malformedAnswer, "The server's answer is no receipt.")
        }
        self.receipt = receipt
        warnings = value["warnings"]?.elements.compactMap(\.string) ?? []
        proof = value["proof"]?.string
    }
}
