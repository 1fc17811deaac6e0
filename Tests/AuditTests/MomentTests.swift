import Audit
import EventLog
import Testing

@Suite struct MomentTests {
    @Test func `a size and a time are different moments even of the same number`() {
        #expect(Moment.size(0) != Moment.recorded(.init(microseconds: 0)))
    }
}
