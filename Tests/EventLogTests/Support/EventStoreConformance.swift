import EventLog
import Testing

/// Something that every store of events does. Written once, against the protocol; run for each store there is.
struct StoreBehaviour: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let check: @Sendable (any EventStore) async throws -> Void

    init(_ description: String, _ check: @escaping @Sendable (any EventStore) async throws -> Void) {
        testDescription = description
        self.check = check
    }

    static let all = appending + receipts + conditions + querying + ranging

    static let appending: [StoreBehaviour] = [
        StoreBehaviour("is empty at first") { store async throws in
            #expect(try store.head == 0)
            #expect(try store.read(.all, ReadRange()).isEmpty)
            #expect(try store.last(.all) == nil)
        },
        StoreBehaviour("appends one event and reads it back") { store async throws in
            let receipts = try await store.append(AppendRequest([draft("a", tags: ["box:2", "box:1", "box:2"])]))
            #expect(receipts == [.appended(0)])
            #expect(try store.head == 1)
            let entry = try #require(try store.read(.all, ReadRange()).first)
            #expect(entry.position == 0)
            let expected =
                "{\"recorded\":\"\(entry.recorded)\",\"agency\":\"CUS\",\"tags\":[\"box:1\",\"box:2\"],\"event\":"
                + "{\"specversion\":\"1.0\",\"id\":\"a\",\"source\":\"//cus\",\"type\":\"test.noted\",\"data\":{}}}"
            #expect(entry.text == expected)
        },
        StoreBehaviour("appends many events in their order, without gaps") { store async throws in
            for batch in 0..<5 {
                let receipts = try await store.append(AppendRequest((0..<4).map { draft("\(batch)-\($0)") }))
                #expect(receipts == (0..<4).map { .appended(Position(batch * 4 + $0)) })
            }
            let entries = try store.read(.all, ReadRange())
            #expect(entries.map(\.position) == Array(0..<20))
            let first = try #require(entries.dropFirst(7).first)
            #expect(first.text.contains("\"id\":\"1-3\""))
        },
        StoreBehaviour("appends all events of a request or none") { store async throws in
            _ = try await store.append(AppendRequest([draft("a")]))
            let error = await refusal {
                _ = try await store.append(AppendRequest([draft("b"), draft("a", data: "1"), draft("c")]))
            }
            #expect(error?.code == .idReused)
            #expect(try store.head == 1)
            // What was refused is not known: it can still be appended.
            #expect(try await store.append(AppendRequest([draft("b", data: "2")])) == [.appended(1)])
        },
        StoreBehaviour("never records an event before the one before it") { store async throws in
            for number in 0..<30 { _ = try await store.append(AppendRequest([draft("\(number)")])) }
            let times = try store.read(.all, ReadRange()).map(\.recorded)
            #expect(times == times.sorted())
            #expect(times.count == 30)
        },
        StoreBehaviour("drops the white space between tokens and nothing else") { store async throws in
            let text =
                "{ \"specversion\" : \"1.0\",\n\"id\":\"a b\",\t\"source\":\"//c\",\r\n\"type\":\"t\","
                + "\"data\":[1.50, \" \\\" { \" ,true ] }"
            _ = try await store.append(AppendRequest([EventDraft(agency: "C", event: Array(text.utf8))]))
            let entry = try #require(try store.last(.all))
            #expect(
                entry.text.hasSuffix(
                    "\"event\":{\"specversion\":\"1.0\",\"id\":\"a b\",\"source\":\"//c\",\"type\":\"t\","
                        + "\"data\":[1.50,\" \\\" { \",true]}}"))
        },
    ]

    static let receipts: [StoreBehaviour] = [
        StoreBehaviour("takes the same event again for a duplicate") { store async throws in
            let request = AppendRequest([draft("a", tags: ["box:1", "box:2"])])
            #expect(try await store.append(request) == [.appended(0)])
            #expect(try await store.append(request) == [.duplicate(0)])
            let turned = AppendRequest([draft("a", tags: ["box:2", "box:1", "box:2"])])
            #expect(try await store.append(turned) == [.duplicate(0)])
            #expect(try store.head == 1)
        },
        StoreBehaviour("takes the same event written differently for a duplicate") { store async throws in
            _ = try await store.append(AppendRequest([draft("a", data: "{\"x\":1,\"y\":\"é\"}")]))
            let text =
                "{\"data\":{\"y\":\"\\u00e9\", \"x\":1.0},\"type\":\"test.noted\",\"source\":\"//cus\","
                + "\"id\":\"a\",\"specversion\":\"1.0\"}"
            let other = AppendRequest([EventDraft(agency: "CUS", event: Array(text.utf8))])
            #expect(try await store.append(other) == [.duplicate(0)])
            #expect(try store.head == 1)
        },
        StoreBehaviour("takes an id again with other content for reused, for ever") { store async throws in
            _ = try await store.append(AppendRequest([draft("a", tags: ["box:1"])]))
            for number in 0..<60 { _ = try await store.append(AppendRequest([draft("n\(number)")])) }
            let others = [
                draft("a", tags: ["box:1"], data: "1"), draft("a", tags: ["box:2"]), draft("a"),
                draft("a", type: "test.other", tags: ["box:1"]), draft("a", tags: ["box:1"], agency: "TAX"),
            ]
            for other in others {
                let error = await refusal { _ = try await store.append(AppendRequest([other])) }
                #expect(error?.code == .idReused)
                #expect(error?.conflicts == [.idReused(event: 0, position: 0)])
            }
            #expect(try store.head == 61)
        },
        StoreBehaviour("takes the same id of another source for another event") { store async throws in
            #expect(try await store.append(AppendRequest([draft("a", source: "//cus")])) == [.appended(0)])
            #expect(try await store.append(AppendRequest([draft("a", source: "//tax")])) == [.appended(1)])
            // Source and id must not run into each other.
            #expect(try await store.append(AppendRequest([draft("xa", source: "//c")])) == [.appended(2)])
            #expect(try await store.append(AppendRequest([draft("a", source: "//cx")])) == [.appended(3)])
        },
        StoreBehaviour("appends an event that a request holds twice once") { store async throws in
            _ = try await store.append(AppendRequest([draft("z")]))
            let request = AppendRequest([draft("a"), draft("b"), draft("a"), draft("z")])
            #expect(
                try await store.append(request) == [.appended(1), .appended(2), .duplicate(1), .duplicate(0)])
            #expect(try store.head == 3)
        },
        StoreBehaviour("refuses a request that holds one id with two contents") { store async throws in
            let error = await refusal {
                _ = try await store.append(AppendRequest([draft("a"), draft("b"), draft("a", data: "1")]))
            }
            #expect(error?.code == .idReused)
            #expect(error?.conflicts == [.idRepeated(event: 2, earlier: 0)])
            #expect(try store.head == 0)
        },
        StoreBehaviour("appends what is new of a request and tells what is known") { store async throws in
            _ = try await store.append(AppendRequest([draft("a"), draft("b")]))
            let receipts = try await store.append(AppendRequest([draft("b"), draft("c"), draft("a"), draft("d")]))
            #expect(receipts == [.duplicate(1), .appended(2), .duplicate(0), .appended(3)])
        },
        StoreBehaviour("answers a retry although its conditions no longer hold") { store async throws in
            let condition = AppendCondition(noneMatching: .tagged("box:1"))
            let request = AppendRequest([draft("a", tags: ["box:1"])], conditions: [condition])
            #expect(try await store.append(request) == [.appended(0)])
            _ = try await store.append(AppendRequest([draft("b", tags: ["box:1"])]))
            #expect(try await store.append(request) == [.duplicate(0)])
            // With something new in it, it is not a mere retry.
            let more = AppendRequest(request.events + [draft("c")], conditions: [condition])
            let error = await refusal { _ = try await store.append(more) }
            #expect(error?.conflicts == [.condition(index: 0, position: 0)])
        },
    ]
}
