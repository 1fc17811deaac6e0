internal import EventLog
internal import JSON
public import Views

extension PortAutomations {
    /// Completes the release of a declaration when the last thing that was missing has come.
    ///
    /// It folds the case file from what nobody is denied, and proposes `sanhu.release.completed` whenever nothing is missing in
    /// it, with what it says then. ``PortRules/oneRelease`` decides: it sees holds on containers and holds that are sealed, and
    /// that there is one release. Run it by a book that has that rule.
    public static let release = Automation(
        name: "release", version: 3, query: Query(types: ReleaseProgress.events.map(\.type)), kinds: ["declaration"],
        agency: "SW",
        fold: { (progress: inout ReleaseProgress, event) in progress.take(event) },
        react: { progress, object, _ in
            guard let file = progress.file(of: object), file.releaseDecision().mayBeReleased else {
                return [.cancel(name: "release")]
            }
            let containers = file.containers.compactMap { try? Tag(kind: "container", value: $0) }
            return [
                .propose(
                    name: "release",
                    Automation.Appending(
                        type: CaseEvent.releaseCompleted.type, data: file.releaseData, tags: containers))
            ]
        })
}

/// What ``PortAutomations/release`` keeps of a declaration: the steps by which its release is decided, as far as everyone sees
/// them.
struct ReleaseProgress: AutomationState {
    /// The most bytes it may take. A declaration of which more is to be kept is not released by the automation.
    static let maximumBytes = 60_000

    /// The events that the decision depends on.
    static let events: [CaseEvent] = [
        .declarationLodged, .declarationAccepted, .declarationRejected, .declarationAmended, .declarationWithdrawn,
        .declarationExamined, .documentRequested, .inspectionOrdered, .inspectionNotified, .inspectionCompleted,
        .holdPlaced, .holdLifted, .dutyAssessed, .dutyPaid, .guaranteeLodged, .permitVerified, .permitWrittenOff,
        .resultRecognised, .recognitionRevoked, .releaseGranted, .releaseCompleted, .clearanceClosed,
        .conveyanceArrived, .conveyanceDeparted, .recordCorrected,
    ]

    /// The fields that it depends on, and of which the release tells.
    static let fields: Set<String> = [
        "declaration", "localReference", "flow", "office", "port", "stage", "decision", "result", "participants",
        "hold",
        "bill", "guarantee", "condition", "permit", "item", "writeOff", "event", "recognition", "source", "concerns",
    ]

    private var records: [CaseRecord] = []
    private var bytes = 0
    private var isTooMuch = false
    /// When customs released on arrival: then the goods had come, which only the conveyance's own events say.
    private var arrival: (position: Position, recorded: Timestamp)?

    init() {}

    mutating func take(_ event: LedgerEvent) {
        if arrival == nil, event.type == CaseEvent.releaseGranted.type, event.text("basis") == "arrival" {
            arrival = (event.position, event.recorded)
        }
        guard !isTooMuch, let record = CaseRecord(event, keeping: Self.fields.contains) else { return }
        var writer = JSONWriter()
        record.write(to: &writer)
        bytes += writer.bytes.count + 1
        records.append(record)
        guard bytes > Self.maximumBytes else { return }
        (isTooMuch, records) = (true, [])
    }

    /// The case file; nil if there was too much to be kept.
    func file(of object: Tag) -> DeclarationCase? {
        guard !isTooMuch else { return nil }
        var file = DeclarationCase(object: object.text)
        for record in records { file.take(record) }
        if file.arrived == nil, let arrival {
            file.arrived = CaseMoment(position: arrival.position, recorded: arrival.recorded, time: nil)
        }
        return file
    }

    init?(_ stored: JSONValue) {
        guard let isTooMuch = stored["tooMuch"]?.bool, let bytes = stored["bytes"]?.integer,
            let steps = stored["steps"]?.elements
        else { return nil }
        self.isTooMuch = isTooMuch
        self.bytes = Int(bytes)
        for step in steps {
            guard let record = CaseRecord(step) else { return nil }
            records.append(record)
        }
        if let position = stored["arrival"]?.integer.flatMap({ Position(exactly: $0) }),
            let recorded = stored.time("arrivalRecorded")
        {
            arrival = (position, recorded)
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("tooMuch", isTooMuch)
            writer.member("bytes", Int64(bytes))
            writer.list("steps", records) { $0.write(to: &$1) }
            if let arrival {
                writer.member("arrival", Int64(arrival.position))
                writer.member("arrivalRecorded", ifAny: arrival.recorded)
            }
        }
    }
}
