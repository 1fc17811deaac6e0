internal import EventLog
internal import NIOConcurrencyHelpers

/// What the server counts. Names and units are in docs/operating.md; no label holds anything that is classified.
final class ServerMetrics: Sendable {
    private struct Answered: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private struct State {
        var answered: [Answered: UInt64] = [:]
        var durations: [String: Histogram] = [:]
        var agencies: [String: UInt64] = [:]
        var appended: UInt64 = 0
        var duplicates: UInt64 = 0
        var refused: [String: UInt64] = [:]
        var delivered: UInt64 = 0
        var lateReaders: UInt64 = 0
    }

    private let state = NIOLockedValueBox(State())

    /// A request was answered.
    ///
    /// - Parameters:
    ///   - route: The first part of its path, if it is one that there is.
    ///   - seconds: Until its answer was begun.
    func answered(_ route: String, _ method: String, _ status: Int, _ seconds: Double, agency: String?) {
        state.withLockedValue { state in
            state.answered[Answered(route: route, method: method, status: status), default: 0] += 1
            state.durations[route, default: Histogram()].record(seconds)
            if let agency { state.agencies[agency, default: 0] += 1 }
        }
    }

    /// Events were handed in, and this became of them.
    func handedIn(_ receipts: [Receipt]) {
        let appended = receipts.count { if case .appended = $0 { true } else { false } }
        state.withLockedValue { state in
            state.appended += UInt64(appended)
            state.duplicates += UInt64(receipts.count - appended)
        }
    }

    /// Events were refused, by the code of the problem.
    func refused(_ code: String) { state.withLockedValue { $0.refused[code, default: 0] += 1 } }

    /// Events were written to live answers.
    func delivered(_ count: Int) { state.withLockedValue { $0.delivered += UInt64(count) } }

    /// A connection was ended whose other side took nothing.
    func cutOff() { state.withLockedValue { $0.lateReaders += 1 } }

    /// Writes all of it.
    func write(to text: inout MetricsText) {
        let state = state.withLockedValue(\.self)
        text.begin("sanhu_http_requests_total", .counter, "Requests that were answered.")
        for (key, count) in state.answered.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            text.add(
                Double(count), ["route": key.route, "method": key.method, "status": String(key.status)])
        }
        text.begin("sanhu_http_request_seconds", .histogram, "Seconds until an answer was begun.")
        for (route, histogram) in state.durations.sorted(by: { $0.key < $1.key }) {
            text.add(histogram, ["route": route])
        }
        text.begin("sanhu_agency_requests_total", .counter, "Requests by agency.")
        for (agency, count) in state.agencies.sorted(by: { $0.key < $1.key }) {
            text.add(Double(count), ["agency": agency])
        }
        text.begin("sanhu_events_appended_total", .counter, "Events that were appended over HTTP.")
        text.add(Double(state.appended))
        text.begin("sanhu_events_duplicate_total", .counter, "Events that were there already.")
        text.add(Double(state.duplicates))
        text.begin("sanhu_events_refused_total", .counter, "Appends that were refused, by the code of the problem.")
        for (code, count) in state.refused.sorted(by: { $0.key < $1.key }) { text.add(Double(count), ["code": code]) }
        text.begin("sanhu_events_delivered_total", .counter, "Events that were written to live answers.")
        text.add(Double(state.delivered))
        text.begin("sanhu_readers_cut_off_total", .counter, "Connections that were ended because nothing was taken.")
        text.add(Double(state.lateReaders))
    }
}
