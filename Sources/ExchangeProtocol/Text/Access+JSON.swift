internal import EventLog
package import Exchange
package import JSON

extension Access {
    /// Writes it as one object, as `sanhu who-saw` and `GET /who-saw` tell it.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            if let position { json.member("access", Int64(clamping: position)) }
            json.member("recorded", recorded.description)
            if isReleased {
                json.key("released")
                json.bool(true)
            }
            json.key("record")
            record.write(to: &json)
        }
    }
}
