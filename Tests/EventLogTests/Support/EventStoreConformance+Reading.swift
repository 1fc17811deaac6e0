import EventLog
import Testing

extension StoreBehaviour {
    /// Forty events: of type t0 to t3 in turn; tagged box:n mod 5, and row:n mod 2 where n is below 30.
    private static func fill(_ store: any EventStore) async throws {
        for start in stride(from: 0, to: 40, by: 4) {
            _ = try await store.append(
                AppendRequest(
                    (start..<start + 4).map { number in
                        let tags = ["box:\(number % 5)"] + (number < 30 ? ["row:\(number % 2)"] : [])
                        return draft("\(number)", type: "t\(number % 4)", tags: tags)
                    }))
        }
    }

    private static func positions(
        _ store: any EventStore, _ query: Query, _ range: ReadRange = ReadRange()
    ) throws -> [Position] {
        try store.read(query, range).map(\.position)
    }

    private static func numbers(_ isWanted: (Position) -> Bool) -> [Position] {
        (0..<40).filter(isWanted)
    }

    static let querying: [StoreBehaviour] = [
        StoreBehaviour("finds events of any of the types of an item") { store async throws in
            try await fill(store)
            #expect(try positions(store, Query(types: ["t1"])) == numbers { $0 % 4 == 1 })
            #expect(try positions(store, Query(types: ["t3", "t1", "t9"])) == numbers { $0 % 2 == 1 })
            #expect(try positions(store, Query(types: ["t"])).isEmpty)
        },
        StoreBehaviour("finds events with all of the tags of an item") { store async throws in
            try await fill(store)
            #expect(try positions(store, .tagged("box:3")) == numbers { $0 % 5 == 3 })
            #expect(
                try positions(store, Query(tags: [tag("row:1"), tag("box:3")]))
                    == numbers { $0 % 5 == 3 && $0 % 2 == 1 && $0 < 30 })
            #expect(try positions(store, Query(tags: [tag("box:1"), tag("box:2")])).isEmpty)
        },
        StoreBehaviour("wants types and tags of an item both") { store async throws in
            try await fill(store)
            #expect(
                try positions(store, Query(types: ["t0", "t1"], tags: [tag("box:0")]))
                    == numbers { $0 % 5 == 0 && $0 % 4 < 2 })
        },
        StoreBehaviour("finds what matches any item, each event once") { store async throws in
            try await fill(store)
            let query = Query([
                Query.Item(types: ["t0"]), Query.Item(tags: [tag("box:0")]),
                Query.Item(types: ["t0"], tags: [tag("box:0")]),
            ])
            #expect(try positions(store, query) == numbers { $0 % 4 == 0 || $0 % 5 == 0 })
        },
        StoreBehaviour("finds everything by a query without items or with an empty one") { store async throws in
            try await fill(store)
            #expect(try positions(store, .all) == numbers { _ in true })
            #expect(try positions(store, Query([Query.Item(types: ["t9"]), Query.Item()])) == numbers { _ in true })
        },
        StoreBehaviour("tells names apart by their bytes") { store async throws in
            _ = try await store.append(AppendRequest([draft("1", type: "caf\u{E9}", tags: ["box:caf\u{E9}"])]))
            _ = try await store.append(AppendRequest([draft("2", type: "cafe\u{301}", tags: ["box:cafe\u{301}"])]))
            #expect(try positions(store, Query(types: ["caf\u{E9}"])) == [0])
            #expect(try positions(store, Query(types: ["cafe\u{301}"])) == [1])
            #expect(try positions(store, .tagged("box:caf\u{E9}")) == [0])
            #expect(try positions(store, .tagged("box:cafe\u{301}")) == [1])
            _ = try await store.append(
                AppendRequest([draft("3", tags: ["box:caf\u{E9}", "box:cafe\u{301}"])]))
            #expect(try positions(store, .tagged("box:caf\u{E9}")) == [0, 2])
            #expect(try positions(store, .tagged("box:cafe\u{301}")) == [1, 2])
        },
    ]

    static let ranging: [StoreBehaviour] = [
        StoreBehaviour("reads from a position up to another") { store async throws in
            try await fill(store)
            #expect(try positions(store, .all, ReadRange(from: 7, to: 11)) == [7, 8, 9, 10])
            #expect(try positions(store, .tagged("box:1"), ReadRange(from: 6, to: 21)) == [6, 11, 16])
            #expect(try positions(store, .tagged("box:1"), ReadRange(from: 7, to: 11)).isEmpty)
            #expect(try positions(store, .all, ReadRange(from: 40)).isEmpty)
            #expect(try positions(store, .all, ReadRange(from: 12, to: 12)).isEmpty)
            #expect(try positions(store, .all, ReadRange(from: 12, to: 5)).isEmpty)
        },
        StoreBehaviour("reads backwards from the end of the range") { store async throws in
            try await fill(store)
            #expect(try positions(store, .all, ReadRange(isBackwards: true)) == numbers { _ in true }.reversed())
            #expect(
                try positions(store, .tagged("box:1"), ReadRange(from: 6, to: 22, isBackwards: true))
                    == [21, 16, 11, 6])
            #expect(try positions(store, Query(types: ["t2"]), ReadRange(to: 3, isBackwards: true)) == [2])
        },
        StoreBehaviour("reads no more than the limit, from the side where it begins") { store async throws in
            try await fill(store)
            #expect(try positions(store, .tagged("box:1"), ReadRange(from: 2, limit: 3)) == [6, 11, 16])
            #expect(try positions(store, .tagged("box:1"), ReadRange(isBackwards: true, limit: 2)) == [36, 31])
            #expect(try positions(store, .all, ReadRange(limit: 0)).isEmpty)
            #expect(try positions(store, .all, ReadRange(limit: -1)).isEmpty)
        },
        StoreBehaviour("refuses to read beyond the head") { store async throws in
            try await fill(store)
            for range in [
                ReadRange(from: 41), ReadRange(to: 41), ReadRange(from: .max), ReadRange(to: .max),
                ReadRange(from: 50, to: 60, isBackwards: true), ReadRange(from: 41, limit: 0),
            ] {
                #expect(refusal { _ = try store.read(.tagged("box:1"), range) }?.code == .positionBeyondHead)
                #expect(refusal { _ = try store.read(.all, range) }?.code == .positionBeyondHead)
            }
        },
        StoreBehaviour("finds the last event of a query") { store async throws in
            try await fill(store)
            #expect(try store.last(.all)?.position == 39)
            #expect(try store.last(.tagged("row:0"))?.position == 28)
            #expect(try store.last(Query(types: ["t1"], tags: [tag("row:1")]))?.position == 29)
            #expect(try store.last(.tagged("row:7")) == nil)
        },
        StoreBehaviour("finds the first event recorded at a time or after it") { store async throws in
            #expect(try store.position(recordedAtOrAfter: .now()) == 0)
            try await fill(store)
            let times = try store.read(.all, ReadRange()).map(\.recorded)
            for time in Set(times) {
                #expect(try store.position(recordedAtOrAfter: time) == times.firstIndex(of: time).map(Position.init))
                let next = Timestamp(microseconds: time.microseconds + 1)
                let first = times.firstIndex { $0 >= next } ?? 40
                #expect(try store.position(recordedAtOrAfter: next) == Position(first))
            }
            #expect(try store.position(recordedAtOrAfter: Timestamp(microseconds: 0)) == 0)
            #expect(try store.position(recordedAtOrAfter: Timestamp(microseconds: .max)) == 40)
        },
    ]
}
