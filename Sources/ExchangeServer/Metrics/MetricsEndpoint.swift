internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import NIOCore
internal import Views

/// `GET /metrics`, for this machine, or for members.
struct MetricsEndpoint: Sendable {
    let ledger: ExchangeLedger
    let metrics: ServerMetrics
    let limiter: CallerLimiter
    let desk: SubscriptionDesk
    let cosignatures: CosignatureBook
    let views: ServedViews
    let automations: ServedAutomations
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
        try folds(to: &text)
        text.begin("sanhu_anchoring_failing", .gauge, "1 if the access log could not be anchored when last tried.")
        text.add(ledger.anchoringFailure == nil ? 0 : 1)
        text.begin("process_resident_memory_bytes", .gauge, "Bytes of memory that the process holds.")
        text.add(Double(ProcessMemory.resident))
        return Answer(.ok, MetricsText.mediaType, .bytes(Array(text.text.utf8)))
    }

    /// Views and automations: how far they are.
    private func folds(to text: inout MetricsText) throws(Problem) {
        var statuses: [(String, ViewStatus)] = []
        for view in views.all { statuses.append((view.definition.name, try ServedViews.status(of: view))) }
        text.begin("sanhu_view_lag", .gauge, "Entries that are not in the view yet.")
        for (name, status) in statuses { text.add(Double(status.lag), ["view": name]) }
        text.begin("sanhu_view_parked", .gauge, "Entries that the view could not take in, and skipped.")
        for (name, status) in statuses { text.add(Double(status.parked), ["view": name]) }
        text.begin("sanhu_view_failing", .gauge, "1 if the view goes no further for a fault.")
        for (name, status) in statuses { text.add(status.isFailing ? 1 : 0, ["view": name]) }
        let standings: [ServedAutomations.Standing]
        do throws(ViewError) {
            standings = try automations.standings(head: try currentHead())
        } catch {
            throw Problem(error)
        }
        text.begin("sanhu_automation_lag", .gauge, "Entries that the automation has not taken in yet.")
        for standing in standings { text.add(Double(standing.lag), ["automation": standing.name]) }
        text.begin("sanhu_automation_parked", .gauge, "Entries that the automation could not take in, and skipped.")
        for standing in standings { text.add(Double(standing.parked), ["automation": standing.name]) }
        text.begin("sanhu_automation_failing", .gauge, "1 if the automation goes no further at the moment.")
        for standing in standings { text.add(standing.failure == nil ? 0 : 1, ["automation": standing.name]) }
    }

    private func currentHead() throws(ViewError) -> Position {
        do throws(ExchangeError) {
            return try ledger.currentHead()
        } catch {
            throw ViewError(error)
        }
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

extension ViewStatus {
    /// Whether it goes no further, for now or for good.
    fileprivate var isFailing: Bool {
        switch state {
        case .retrying, .stopped: true
        case .catchingUp, .live, .rebuilding, .parked: false
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
