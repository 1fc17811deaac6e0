internal import ExchangeProtocol
internal import HummingbirdCore
internal import JSON
internal import NIOCore

/// Where the body of an answer is written, piece by piece: each waits until the one before is taken, so who reads slowly
/// costs a piece of memory and no more.
struct AnswerStream: Sendable {
    /// How many bytes are gathered before they are handed over.
    static let pieceBytes = 64 << 10

    private var out: Out
    private var piece = ByteBuffer()
    /// Ends the connection when who reads takes nothing for too long.
    private let stall: StallGuard

    /// What Hummingbird hands out to write by holds nothing but a channel's writer, which is sendable; its type does not
    /// say so.
    private struct Out: @unchecked Sendable {
        var writer: any ResponseBodyWriter

        @concurrent mutating func write(_ bytes: ByteBuffer) async throws { try await writer.write(bytes) }

        @concurrent consuming func finish() async throws { try await writer.finish(nil) }
    }

    init(_ writer: any ResponseBodyWriter, _ stall: StallGuard) {
        out = Out(writer: writer)
        self.stall = stall
    }

    /// Adds bytes, and hands them over once there are enough.
    mutating func write(_ bytes: some Collection<UInt8>) async throws {
        piece.writeBytes(bytes)
        if piece.readableBytes >= Self.pieceBytes { try await flush() }
    }

    /// Hands over what was gathered.
    mutating func flush() async throws {
        guard piece.readableBytes > 0 else { return }
        let full = piece
        piece = ByteBuffer()
        stall.began()
        defer { stall.ended() }
        try await out.write(full)
    }

    /// Hands over what was gathered, and ends the body.
    consuming func finish() async throws {
        try await flush()
        try await out.finish()
    }

    /// Adds a line of JSON.
    mutating func writeLine(_ write: (inout JSONWriter) -> Void) async throws {
        var json = JSONWriter()
        write(&json)
        json.endLine()
        try await self.write(json.bytes)
    }
}
