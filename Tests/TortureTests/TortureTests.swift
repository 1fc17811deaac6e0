import Testing

// Faults done to a ledger from outside: processes killed, system calls that fail, disks that fill, files that rot.
//
// All go through the program as people use it. One after another, so that the moments of the kills mean something.
@Suite(.serialized)
struct TortureTests {}
