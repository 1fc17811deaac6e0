internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import NIOCore

/// `GET /metrics`, for this machine, or for members.
struct MetricsEndpoint: Sendable {
    let ledger: ExchangeLedger
    let metrics: ServerMetrics
    let limiter: CallerLimiter
    let desk: SubscriptionDesk
    let cosignatures: CosignatureBook
    let start = ContinuousClock.now

    func answer(_ call: Call) throws(Problem) -> Answer {
        let parameters = try call.parameters()
        try parameters.end()
        if call.caller.agency == nil, !call.isFromThisMachine { throw Caller.unnamed }
        var text = MetricsText()
        metrics.write(to: &text)
        text.begin("sanhu_streams_open", .gauge, "Live answers that are open.")
        text.add(Double(limiter.openStreams))
        do throws(LogError) {
            text.begin("sanhu_log_head", .gauge, "Entries of the log.")
            text.add(Double(try ledger.log.head))
            text.begin("sanhu_access_log_head", .gauge, "Records of who was given what.")
            text.add(Double(try ledger.accessLog.head))
            let room = try ledger.log.room()
            text.begin("sanhu_log_bytes", .gauge, "Bytes of the log's file that are in use.")
            text.add(Double(room.used))
            text.begin("sanhu_log_bytes_maximum", .gauge, "Bytes at which the log refuses appends.")
            text.add(Double(room.maximum))
            text.begin("sanhu_disk_free_bytes", .gauge, "Bytes that are free where the ledger lies.")
            text.add(Double(room.free))
        } catch {
            throw Problem(error)
        }
        try subscriptions(to: &text)
        if cosignatures.policy != nil {
            text.begin("sanhu_witnessed_size", .gauge, "Entries that enough witnesses vouch for.")
            text.add(Double(cosignatures.satisfied?.size ?? 0))
            text.begin(
                "sanhu_witnessed_age_seconds", .gauge, "Seconds since the oldest cosignature that is needed for it.")
            text.add(Double(cosignatures.age()))
        }
        text.begin("sanhu_anchoring_failing", .gauge, "1 if the access log could not be anchored when last tried.")
        text.add(ledger.anchoringFailure == nil ? 0 : 1)
        text.begin("process_resident_memory_bytes", .gauge, "Bytes of memory that the process holds.")
        text.add(Double(ProcessMemory.resident))
        return Answer(.ok, MetricsText.mediaType, .bytes(Array(text.text.utf8)))
    }

    /// By agency: what it calls its subscriptions is its own.
    private func subscriptions(to text: inout MetricsText) throws(Problem) {
        let head: Position
        do throws(ExchangeError) {
            head = try ledger.currentHead()
        } catch {
            throw Problem(error)
        }
        let all = desk.figures.sorted { $0.key < $1.key }
        func add(
            _ name: String, _ kind: MetricsText.Kind, _ help: String, _ figure: ([SubscriptionFigures]) -> UInt64
        ) {
            text.begin(name, kind, help)
            for (agency, figures) in all { text.add(Double(figure(figures)), ["agency": agency]) }
        }
        add("sanhu_subscriptions", .gauge, "Durable subscriptions.") { UInt64($0.count) }
        add("sanhu_subscription_lag", .gauge, "Entries after the cursor of the subscription that is furthest behind.") {
            $0.map { head - min(head, $0.cursor) }.max() ?? 0
        }
        add("sanhu_subscription_in_flight", .gauge, "Events that were delivered and not acknowledged.") {
            UInt64($0.reduce(0) { $0 + $1.inFlight })
        }
        add("sanhu_subscription_parked", .gauge, "Events that are parked.") {
            UInt64($0.reduce(0) { $0 + $1.parked })
        }
        add("sanhu_subscription_redelivered_total", .counter, "Deliveries that were not the first of their event.") {
            $0.reduce(0) { $0 + $1.redelivered }
        }
    }
}

extension Call {
    /// Whether the other side of the connection is this machine.
    var isFromThisMachine: Bool {
        guard let address = connection.remoteAddress?.ipAddress else { return false }
        return address == "127.0.0.1" || address == "::1" || address.hasPrefix("127.")
    }
}
