internal import ExchangeProtocol
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

/// A request as an endpoint sees it: who calls, for what, and the body that is still to be read.
struct Call: Sendable {
    let method: HTTPRequest.Method
    /// The parts of the path, percent-decoded.
    let path: [String]
    /// What stands after the question mark, as it came.
    let query: String
    let headers: HTTPFields
    let body: RequestBody
    let standing: Standing
    let connection: any Channel
    /// In how many seconds a body must have come.
    let bodySeconds: Int
    /// The names of the parameters that the route has.
    let names: Set<String>

    /// Who calls.
    var caller: Caller { standing.caller }

    /// The parameters, to be taken one by one.
    func parameters() throws(Problem) -> RequestParameters { try RequestParameters(query[...], names: names) }

    /// The type of the body, without parameters, in small letters; nil if it says none.
    var contentType: String? { headers[.contentType].map(MediaType.essence) }

    /// Reads the whole body.
    ///
    /// - Throws: ``Problem`` with 413 if it is larger than a limit, 400 if it breaks off.
    func collect(upTo limit: Int) async throws(Problem) -> [UInt8] {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw Self.tooLarge(limit) }
        var first: ByteBuffer?
        var bytes: [UInt8] = []
        var deadline: Scheduled<Void>?
        defer { deadline?.cancel() }
        do {
            for try await piece in body {
                // Most bodies come in one piece, and none is waited for without end.
                if deadline == nil {
                    deadline = connection.eventLoop.scheduleTask(in: .seconds(Int64(bodySeconds))) { [connection] in
                        connection.close(promise: nil)
                    }
                }
                guard bytes.count + (first?.readableBytes ?? 0) + piece.readableBytes <= limit else {
                    throw Self.tooLarge(limit)
                }
                if let begun = first {
                    bytes = Array(begun.readableBytesView)
                    first = nil
                    bytes.append(contentsOf: piece.readableBytesView)
                } else if bytes.isEmpty {
                    first = piece
                } else {
                    bytes.append(contentsOf: piece.readableBytesView)
                }
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(400, "bodyBrokenOff", "The body broke off", "The body ended before its end. Send it again.")
        }
        return first.map { Array($0.readableBytesView) } ?? bytes
    }

    static func tooLarge(_ limit: Int) -> Problem {
        Problem(
            413, "bodyTooLarge", "The body is too large",
            "The body has more than \(limit) bytes. Send less at once, or newline-delimited JSON, which has no end.")
    }
}
