/// The key that wraps the keys of a ``KeyStore``, in generations. It lies outside the ledger's folder: in a file
/// (``WrappingKeyFile``), behind a command, in a hardware security module.
///
/// It is asked for once when a store is opened and once when it is rotated, for one key of 32 bytes, under which the
/// store wraps all others.
public protocol WrappingKey: Sendable {
    /// The generations there are, in ascending order.
    func generations() throws(ExchangeError) -> [UInt64]

    /// Adds a generation, greater than all others. On return it is durable.
    func addGeneration() throws(ExchangeError) -> UInt64

    /// Encrypts and authenticates a key under a generation.
    func wrap(_ key: [UInt8], generation: UInt64) throws(ExchangeError) -> [UInt8]

    /// The key that was wrapped.
    ///
    /// - Throws: ``ExchangeError`` with code `.keyMissing` if there is no such generation, `.keyDamaged` if what is
    ///   given was not wrapped under it.
    func unwrap(_ wrapped: [UInt8], generation: UInt64) throws(ExchangeError) -> [UInt8]

    /// Destroys all generations but one. On return nothing that was wrapped under another can be unwrapped any more.
    func destroyGenerations(except generation: UInt64) throws(ExchangeError)
}
