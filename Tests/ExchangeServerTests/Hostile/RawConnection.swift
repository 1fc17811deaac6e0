import Foundation
import Glibc

/// A connection on which any bytes can be sent, without anything that mends them. Waiting is done on a thread of its own.
final class RawConnection: Sendable {
    private let descriptor: Int32

    /// What came back.
    struct Answer: Sendable {
        var bytes: [UInt8] = []
        /// Whether the server closed the connection.
        var isClosed = false
        var seconds = 0.0

        var text: String { String(decoding: bytes, as: UTF8.self) }
        /// The status of each answer in it.
        var statuses: [Int] { text.matches(of: /HTTP\/1\.1 (\d{3})/).compactMap { Int($0.1) } }
    }

    /// - Parameter receiveBytes: The size of the receiving buffer; a small one lets the sender notice sooner that nobody reads.
    init(_ port: UInt16, receiveBytes: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
        if var size = receiveBytes {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            Glibc.close(descriptor)
            throw POSIXError(.ECONNREFUSED)
        }
    }

    deinit { Glibc.close(descriptor) }

    /// Sends what the connection takes.
    ///
    /// - Returns: Whether it took all.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Says that nothing more is sent.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Sends pieces with a pause before each but the first, then takes what comes until the server closes or some time is over.
    func exchange(_ pieces: [[UInt8]], pause: UInt32 = 0, within seconds: Double) async -> Answer {
        await withCheckedContinuation { continuation in
            Thread {
                let begun = Date()
                for (index, piece) in pieces.enumerated() {
                    if index > 0, pause > 0 { usleep(pause) }
                    guard self.send(piece), Date().timeIntervalSince(begun) < seconds else { break }
                }
                var answer = self.receive(until: begun.addingTimeInterval(seconds))
                answer.seconds = Date().timeIntervalSince(begun)
                continuation.resume(returning: answer)
            }.start()
        }
    }

    private func receive(until end: Date) -> Answer {
        var answer = Answer()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let left = end.timeIntervalSinceNow
            guard left > 0 else { return answer }
            var time = timeval(tv_sec: Int(left), tv_usec: Int((left - left.rounded(.down)) * 999_999) + 1)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                answer.bytes += buffer[..<count]
            } else if count == 0 || errno == ECONNRESET {
                answer.isClosed = true
                return answer
            } else if errno != EAGAIN, errno != EINTR {
                answer.isClosed = true
                return answer
            }
        }
    }
}
