@testable import EventLog
import Testing
@Test func probe() {}
