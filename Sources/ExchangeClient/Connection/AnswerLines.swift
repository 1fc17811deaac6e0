internal import AsyncHTTPClient
internal import NIOCore

/// The lines of an answer, as they come.
struct AnswerLines {
    /// The most bytes of a line.
    let maximumBytes: Int
    private var body: Body
    private var rest: [UInt8] = []
    private var piece = ByteBuffer()
    private var isOver = false

    /// One task at a time asks for the next piece, here and wherever the iterator goes on; its type does not say so.
    private struct Body: @unchecked Sendable {
        var iterator: HTTPClientResponse.Body.AsyncIterator

        @concurrent mutating func next() async throws -> ByteBuffer? { try await iterator.next() }
    }

    init(_ response: HTTPClientResponse, maximumBytes: Int) {
        self.maximumBytes = maximumBytes
        body = Body(iterator: response.body.makeAsyncIterator())
    }

    /// Whether a line can be had without waiting.
    var hasLine: Bool { piece.readableBytesView.contains(UInt8(ascii: "\n")) }

    /// The next line, which may be empty; nil at the end.
    ///
    /// - Throws: ``ClientError``: `.interrupted` if the answer breaks off, `.malformedAnswer` for a line that is too long.
    mutating func next() async throws(ClientError) -> [UInt8]? {
        while true {
            let view = piece.readableBytesView
            if let end = view.firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest + view[view.startIndex..<end]
                rest.removeAll()
                piece.moveReaderIndex(forwardBy: end - view.startIndex + 1)
                guard line.count <= maximumBytes else { throw tooLong }
                return line
            }
            guard rest.count + view.count <= maximumBytes else { throw tooLong }
            rest += view
            piece.clear()
            guard !isOver else {
                guard !rest.isEmpty else { return nil }
                defer { rest.removeAll() }
                return rest
            }
            do {
                if let next = try await body.next() { piece = next } else { isOver = true }
            } catch {
                throw Transport.interrupted(error)
            }
        }
    }

    private var tooLong: ClientError {
        ClientError(.malformedAnswer, "A line of the answer has more than \(maximumBytes) bytes.")
    }
}
