/// Lays out the steps of a story in time.
///
/// The order in which a story's steps are told is not that of time: a broker declares while the ship is still at sea.
struct SamplePlot {
    /// The steps laid out so far, in the order in which they were told.
    private(set) var steps: [SampleStep] = []
    private let story: SampleStep.Story
    private var random: SplitMix64

    /// The story of a ship's call.
    init(of call: SampleCall, seed: UInt64) {
        story = .call(call)
        random = SplitMix64(seed: seed, part: UInt64(call.index), of: 0x9107)
        let arrived = tell(.conveyanceArrived, at: call.arrival, because: nil)
        tell(.conveyanceDeparted, at: call.departure, because: arrived)
    }

    /// The story of a declaration.
    init(of shipment: SampleShipment, seed: UInt64) {
        story = .shipment(shipment)
        random = SplitMix64(seed: seed, part: UInt64(shipment.index), of: 0x9108)
        if shipment.isImport { tellImport(of: shipment) } else { tellExport(of: shipment) }
    }

    /// From the manifest to the gate, or back onto a ship.
    private mutating func tellImport(of shipment: SampleShipment) {
        let arrival = shipment.call.arrival
        let manifest = tell(.manifestLodged, at: arrival - some(20 * 60...30 * 60), because: nil)
        var quay = manifest
        for container in shipment.containers.indices {
            let landed = arrival + some(60...6 * 60)
            let move = tell(.equipmentMoved(.discharge, container: container), at: landed, because: manifest)
            if container == 0 || steps[move].time > steps[quay].time { quay = move }
        }
        let early = arrival - some(2 * 60...12 * 60)
        let late = (steps[quay].time + some(60...8 * 60)).inOfficeHours(&random)
        let lodged = tell(.declarationLodged, at: shipment.isDeclaredEarly ? early : late, because: manifest)
        let assessed = tellAcceptance(of: shipment, after: lodged)
        guard let cleared = tellInspection(of: shipment, after: assessed, onQuaySince: quay) else { return }
        let duty = tell(.dutyAssessed, 2...20, after: cleared)
        let paid = tell(.dutyPaid, 5...4 * 60, after: duty)
        let released = tellRelease(of: shipment, after: paid, since: steps[quay].time)
        tell(.clearanceClosed, 3...15, after: released)
        for container in shipment.containers.indices {
            tell(.equipmentMoved(.gateOut, container: container), 30...10 * 60, after: released)
        }
    }

    /// From the gate to the ship.
    private mutating func tellExport(of shipment: SampleShipment) {
        let departure = shipment.call.departure
        var quay = 0
        for container in shipment.containers.indices {
            let entered = departure - some(56 * 60...60 * 60)
            let move = tell(.equipmentMoved(.gateIn, container: container), at: entered, because: nil)
            if steps[move].time > steps[quay].time { quay = move }
        }
        let lodgedAt = (steps[quay].time + some(20...120)).inOfficeHours(&random)
        let lodged = tell(.declarationLodged, at: lodgedAt, because: quay)
        let assessed = tellAcceptance(of: shipment, after: lodged)
        guard let cleared = tellInspection(of: shipment, after: assessed, onQuaySince: quay) else { return }
        let released = tellRelease(of: shipment, after: cleared, since: steps[quay].time)
        let manifest = tell(.manifestLodged, at: departure - some(9 * 60...12 * 60), because: released)
        for container in shipment.containers.indices {
            let loaded = departure - some(60...8 * 60)
            tell(.equipmentMoved(.load, container: container), at: loaded, because: manifest)
        }
        tell(.clearanceClosed, at: departure + some(30...180), because: manifest)
    }

    /// From lodging to the assessment of risk, by way of an amendment if the first version was at fault.
    private mutating func tellAcceptance(of shipment: SampleShipment, after lodged: Int) -> Int {
        var last = lodged
        if shipment.outcome == .amended {
            last = tell(.declarationRejected, 3...20, after: last)
            last = tell(.declarationAmended, 20...150, after: last)
        }
        last = tell(.declarationAccepted, 1...4, after: last)
        if shipment.permit != nil { last = tell(.permitVerified, 1...2, after: last) }
        return tell(.riskAssessed, 1...3, after: last)
    }

    /// From the flags to what follows from the inspection; nil if the goods are sent back.
    private mutating func tellInspection(
        of shipment: SampleShipment, after assessed: Int, onQuaySince quay: Int
    ) -> Int? {
        guard shipment.outcome.isInspected else { return assessed }
        var flags: [Int] = []
        for agency in shipment.releasers { flags.append(tell(.riskFlagged(agency), 1...6, after: assessed)) }
        var ordered = assessed
        for (agency, flag) in zip(shipment.releasers, flags) {
            let order = tell(.inspectionOrdered(agency), 4...15, after: flag)
            if ordered == assessed || steps[order].time > steps[ordered].time { ordered = order }
        }
        let notified = tell(.inspectionNotified, 1...3, after: ordered)
        let movable = max(steps[notified].time, steps[quay].time) + some(15...60)
        var brought = movable
        for container in shipment.containers.indices {
            let time = movable + some(5...40)
            tell(.equipmentMoved(.toInspection, container: container), at: time, because: notified)
            brought = max(brought, time)
        }
        let opening = (brought + some(10...60)).inOfficeHours(&random)
        let started = tell(.inspectionStarted, at: opening, because: notified)
        let completed = tell(.inspectionCompleted, 25...100, after: started)
        guard shipment.outcome.hasFinding else { return completed }
        let hold = tell(.holdPlaced, 2...15, after: completed)
        let decided = tell(.dispositionDecided, 2 * 60...24 * 60, after: hold)
        if shipment.outcome == .held { return tell(.holdLifted, 60...6 * 60, after: decided) }
        for container in shipment.containers.indices {
            tell(.equipmentMoved(.load, container: container), 12 * 60...24 * 60, after: decided)
        }
        return nil
    }

    /// Each agency's release, and the one that they add up to: not before the goods are on the quay.
    private mutating func tellRelease(of shipment: SampleShipment, after cause: Int, since quay: SampleTime) -> Int {
        let ready = max(steps[cause].time, quay)
        var last = cause
        for agency in shipment.releasers {
            let granted = tell(.releaseGranted(agency), at: ready + some(2...40), because: cause)
            if last == cause || steps[granted].time > steps[last].time { last = granted }
        }
        return tell(.releaseCompleted, at: steps[last].time + some(1...2), because: last)
    }

    /// Some seconds of a range of minutes.
    private mutating func some(_ minutes: ClosedRange<Int>) -> Int {
        random.within(minutes.lowerBound * SampleTime.minute...minutes.upperBound * SampleTime.minute)
    }

    /// Tells of a step some minutes after the one that it follows from.
    @discardableResult
    private mutating func tell(_ act: SampleAct, _ minutes: ClosedRange<Int>, after cause: Int) -> Int {
        tell(act, at: steps[cause].time + some(minutes), because: cause)
    }

    @discardableResult
    private mutating func tell(_ act: SampleAct, at time: SampleTime, because cause: Int?) -> Int {
        steps.append(SampleStep(story: story, act: act, time: time, ordinal: steps.count, cause: cause))
        return steps.count - 1
    }
}
