import Foundation
import TestSupport
import Testing

extension TortureTests {
    @Suite("Torn and flipped files")
    struct DamageTests {
        @Test("A changed byte of an entry, a tree node or the checkpoint is found, and verify says where")
        func targets() throws {
            let subject = try DamageSubject()
            var dice = Torture.dice("targets")
            for (target, count) in [(DamageSubject.Target.entry, 10), (.node, 8), (.checkpoint, 4), (.state, 4)] {
                for _ in 0..<Torture.scaled(count, full: count * 30) {
                    try subject.damage("\(target)", "DamageTests/targets") { file in
                        let place = subject.flip(target, &file, &dice)
                        return { try subject.checkFound(target, place) }
                    }
                }
            }
        }

        /// A way in which a file is damaged: how often it is tried in the short form, and what it did to the file.
        private typealias Damage = (name: String, count: Int, change: (inout DamagedFile, inout Dice) -> String)

        private static func kinds(_ subject: DamageSubject) -> [Damage] {
            kindsOfBytes(pages: subject.original.pages) + kindsOfPages(subject)
        }

        private static func kindsOfBytes(pages: Int) -> [Damage] {
            [
                (
                    "any byte", 12,
                    { file, dice in
                        let offset = dice.below(file.bytes.count)
                        file.flip(at: offset, &dice)
                        return "byte \(offset)"
                    }
                ),
                (
                    "byte of LMDB's pages", 12,
                    { file, dice in
                        // The header of a page and what follows it says where everything is.
                        let offset = dice.below(pages) * DamagedFile.pageBytes + dice.below(64)
                        file.flip(at: offset, &dice)
                        return "byte \(offset)"
                    }
                ),
                (
                    "meta page", 6,
                    { file, dice in
                        let offset = dice.below(2) * DamagedFile.pageBytes + dice.below(160)
                        file.flip(at: offset, &dice)
                        return "byte \(offset)"
                    }
                ),
            ]
        }

        private static func kindsOfPages(_ subject: DamageSubject) -> [Damage] {
            let pages = subject.original.pages
            return [
                (
                    "page of zeros", 5,
                    { file, dice in
                        let page = dice.below(pages)
                        file.replace(page: page, by: nil)
                        return "page \(page)"
                    }
                ),
                (
                    "page of another place", 5,
                    { file, dice in
                        let page = dice.below(pages)
                        let other = dice.below(pages)
                        file.replace(page: page, by: file.page(other))
                        return "page \(page) by page \(other)"
                    }
                ),
                (
                    "page of an earlier day", 5,
                    { file, dice in
                        let page = dice.pick(subject.changedPages)
                        file.replace(page: page, by: subject.earlier.page(page))
                        return "page \(page)"
                    }
                ),
                (
                    "cut off", 5,
                    { file, dice in
                        let count =
                            dice.oneIn(2) ? dice.below(file.bytes.count) : dice.below(pages) * DamagedFile.pageBytes
                        file.truncate(to: count)
                        return "at \(count)"
                    }
                ),
            ]
        }

        @Test("A damaged file is found out, or everything in it still reads as it was")
        func anywhere() throws {
            let subject = try DamageSubject()
            var dice = Torture.dice("anywhere")
            for (name, count, change) in Self.kinds(subject) {
                for _ in 0..<Torture.scaled(count * 2 / 3, full: count * 20) {
                    try subject.damage(name, "DamageTests/anywhere") { file in
                        let place = change(&file, &dice)
                        return { try subject.checkFoundOrUnharmed(place) }
                    }
                }
            }
        }

        @Test("A damaged index is found out and made anew, or still answers right")
        func index() throws {
            let subject = try DamageSubject()
            var dice = Torture.dice("index")
            for number in 0..<Torture.scaled(10, full: 250) {
                var file = subject.originalIndex
                let place: Int
                switch number % 10 {
                case 0:
                    place = dice.below(file.bytes.count)
                    file.truncate(to: place)
                case 1:
                    place = dice.below(file.pages)
                    file.replace(page: place, by: nil)
                case 2...4:
                    place = dice.below(file.pages) * DamagedFile.pageBytes + dice.below(64)
                    file.flip(at: place, &dice)
                default:
                    place = dice.below(file.bytes.count)
                    file.flip(at: place, &dice)
                }
                try subject.damageIndex(file, "byte or page \(place)")
            }
        }

        @Test("A log put back to an earlier day is noticed, and the index can be made anew for it")
        func rolledBack() throws {
            let subject = try DamageSubject()
            try subject.rollBack()
        }

        @Test("Any byte of the ledger's description is found out, or is of no consequence")
        func description() throws {
            let subject = try DamageSubject()
            var dice = Torture.dice("description")
            let path = subject.ledger.path + "/ledger.json"
            let original = try DamagedFile(of: path)
            for offset in stride(from: 0, to: original.bytes.count, by: Torture.scaled(29, full: 1)) {
                var file = original
                file.flip(at: offset, &dice)
                try file.write(to: path)
                try subject.recording("ledger.json", "byte \(offset)", "DamageTests/description") {
                    try subject.checkFoundOrUnharmed("byte \(offset)")
                }
            }
        }
    }
}
