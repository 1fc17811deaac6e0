extension AccessRecord {
    /// Checks that what the reader says of itself fits a record that can be read again. Whoever looks must not be able to
    /// hide behind a text that is not accepted.
    ///
    /// - Throws: ``ExchangeError`` with code `.limitExceeded`.
    func checkTexts() throws(ExchangeError) {
        let texts = [
            ("agency", reader.agency), ("role", reader.role), ("purpose", purpose), ("case", caseName),
        ]
        for case (let name, let text?) in texts {
            guard (1...Self.maximumTextBytes).contains(text.utf8.count),
                !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else {
                throw ExchangeError(
                    .limitExceeded,
                    "The reader's \(name) must be one line of 1 to \(Self.maximumTextBytes) bytes: it stands in the access "
                        + "record.")
            }
        }
    }
}
