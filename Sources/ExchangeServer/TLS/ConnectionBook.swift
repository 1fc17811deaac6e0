internal import NIOConcurrencyHelpers
internal import NIOCore

/// The certificates that clients showed, by connection.
final class ConnectionBook: Sendable {
    private let shown: NIOLockedValueBox<[ObjectIdentifier: ClientCertificate]> = NIOLockedValueBox([:])

    func certificate(of channel: any Channel) -> ClientCertificate? {
        shown.withLockedValue { $0.isEmpty ? nil : $0[ObjectIdentifier(channel)] }
    }

    func note(_ certificate: ClientCertificate, of channel: any Channel) {
        shown.withLockedValue { $0[ObjectIdentifier(channel)] = certificate }
        channel.closeFuture.whenComplete { [weak channel] _ in
            guard let channel else { return }
            self.forget(channel)
        }
    }

    private func forget(_ channel: any Channel) {
        shown.withLockedValue { $0[ObjectIdentifier(channel)] = nil }
    }
}
